"""The company that gives the demos: its name, its voice and its legal texts."""
