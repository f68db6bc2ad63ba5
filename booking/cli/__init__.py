"""The commands of ``flask --app wsgi``, beside those that Flask and Flask-Migrate bring."""
