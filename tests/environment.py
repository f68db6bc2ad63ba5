"""The settings tests run under, as the environment variables an operator would set."""

from pathlib import Path

BASE_URL = "https://termine.example.com"
SECRET_KEY = "0123456789abcdef0123456789abcdef"


def make_environment(*, database_url: str, instance_dir: Path, **settings: str) -> dict[str, str]:
    """Return a whole environment; ``settings`` are further ones, named as the operator would."""
    return {
        "SECRET_KEY": SECRET_KEY,
        "DATABASE_URL": database_url,
        "BASE_URL": BASE_URL,
        "INSTANCE_DIR": str(instance_dir),
        "MAIL_DEFAULT_SENDER": "demo@termine.example.com",
        "RATE_LIMITS": "off",
    } | settings
