"""When can a meeting start, and if not, why not?"""
