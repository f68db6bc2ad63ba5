"""The settings: what they become, and that every fault is told at once and by name."""

from dataclasses import replace
from pathlib import Path

import pytest

from config import Config, ConfigError

KEY = "0123456789abcdef0123456789abcdef"


def faults_of(**environ: str) -> list[str]:
    """Return what is wrong with an environment; nothing if it is right."""
    try:
        Config.from_env({"SECRET_KEY": KEY} | environ)
    except ConfigError as error:
        return error.faults
    return []


def test_defaults_are_those_of_the_contract() -> None:
    config = Config.from_env({"SECRET_KEY": KEY, "INSTANCE_DIR": "/srv/halbstunde"})

    assert config == Config(
        secret_key=(KEY,),
        database_url="sqlite:////srv/halbstunde/halbstunde.db",
        base_url="http://127.0.0.1:8000",
        host="127.0.0.1",
        port=8000,
        instance_dir=Path("/srv/halbstunde"),
        demo=False,
        mail_server=None,
        mail_port=25,
        mail_use_tls=False,
        mail_use_ssl=False,
        mail_username=None,
        mail_password=None,
        mail_default_sender="demo@halbstunde.example",
        mail_timeout=30.0,
        mail_ca_file=None,
        mail_per_minute=0,
        trusted_proxy_hops=0,
        rate_limits=True,
        delivery_lease_seconds=120,
    )


def test_empty_settings_count_as_not_set() -> None:
    names = ("PORT", "HOST", "BASE_URL", "MAIL_SERVER", "MAIL_PORT", "RATE_LIMITS", "DATABASE_URL")

    config = Config.from_env({"SECRET_KEY": KEY} | dict.fromkeys(names, " "))

    assert config == Config.from_env({"SECRET_KEY": KEY})


def test_every_fault_is_told_at_once() -> None:
    with pytest.raises(ConfigError) as raised:
        Config.from_env(
            {
                "DATABASE_URL": "mysql://x",
                "BASE_URL": "termine.example.com",
                "PORT": "web",
                "DEMO": "maybe",
                "MAIL_SERVER": "mail.example.com",
                "MAIL_PORT": "65536",
                "MAIL_USE_TLS": "on",
                "MAIL_USE_SSL": "1",
                "MAIL_TIMEOUT": "0",
                "MAIL_CA_FILE": "/nowhere.pem",
                "MAIL_PER_MINUTE": "-1",
                "TRUSTED_PROXY_HOPS": "eleven",
                "RATE_LIMITS": "yes",
                "DELIVERY_LEASE_SECONDS": "0",
            }
        )

    assert sorted(raised.value.faults) == [
        "BASE_URL must be an http(s) address without query or user, not 'termine.example.com'",
        "DATABASE_URL must be postgresql://user:password@host/database or sqlite:////absolute/path.db",
        "DELIVERY_LEASE_SECONDS must lie between 1 and 3600, not 0",
        "DEMO must be on or off, not 'maybe'",
        "MAIL_CA_FILE names no file: '/nowhere.pem'",
        "MAIL_DEFAULT_SENDER is missing: mails need a sender's address",
        "MAIL_PER_MINUTE must lie between 0 and 100000, not -1",
        "MAIL_PORT must lie between 1 and 65535, not 65536",
        "MAIL_TIMEOUT must lie between 0.1 and 600.0, not 0",
        "MAIL_USE_SSL is on beside MAIL_USE_TLS: choose one of them",
        "PORT must be a number, not 'web'",
        "RATE_LIMITS must be on or off, not 'yes'",
        "SECRET_KEY is missing: set a random text of at least 32 characters",
        "TRUSTED_PROXY_HOPS must be a number, not 'eleven'",
    ]


@pytest.mark.parametrize(
    ("given", "keys"),
    [
        (KEY, (KEY,)),
        (f" {KEY.upper()} , {KEY} ,", (KEY.upper(), KEY)),
    ],
)
def test_secret_key_is_a_list_newest_first(given: str, keys: tuple[str, ...]) -> None:
    config = Config.from_env({"SECRET_KEY": given})

    assert config.secret_key == keys


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        ("", "SECRET_KEY is missing: set a random text of at least 32 characters"),
        (" , ", "SECRET_KEY is missing: set a random text of at least 32 characters"),
        (KEY[1:], "SECRET_KEY holds a key of fewer than 32 characters"),
        (f"{KEY},short", "SECRET_KEY holds a key of fewer than 32 characters"),
    ],
)
def test_weak_secret_key_is_a_fault(given: str, fault: str) -> None:
    assert faults_of(SECRET_KEY=given) == [fault]


def test_secrets_are_not_shown() -> None:
    config = Config.from_env(
        {
            "SECRET_KEY": KEY,
            "MAIL_USERNAME": "halbstunde",
            "MAIL_PASSWORD": "hidden-1",
            "DATABASE_URL": "postgresql://user:hidden-2@host/database",
        }
    )

    assert [secret for secret in (KEY, "hidden-1", "hidden-2") if secret in repr(config)] == []


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("postgres://u@h/d", "postgresql://u@h/d"),
        ("postgresql://u@h/d", "postgresql://u@h/d"),
        ("postgresql+psycopg://u@h/d", "postgresql+psycopg://u@h/d"),
        ("sqlite:////tmp/x.db", "sqlite:////tmp/x.db"),
    ],
)
def test_database_url(given: str, used: str) -> None:
    config = Config.from_env({"SECRET_KEY": KEY, "DATABASE_URL": given})

    assert config.database_url == used


@pytest.mark.parametrize(
    ("given", "host", "path"),
    [
        ("https://termine.example.com/", "termine.example.com", ""),
        ("https://Example.com:8443/demo/", "example.com", "/demo"),
        ("http://[::1]:8000", "::1", ""),
    ],
)
def test_base_url_may_carry_a_path(given: str, host: str, path: str) -> None:
    config = Config.from_env({"SECRET_KEY": KEY, "BASE_URL": given})

    assert (config.base_url, config.base_host, config.base_path) == (given.rstrip("/"), host, path)


@pytest.mark.parametrize(
    "url",
    [
        "example.com",
        "ftp://example.com",
        "https:",
        "https://user@example.com",
        "https://example.com?x=1",
        "https://example.com#x",
        "https://example.com:99999",
        "https://[::1",
    ],
)
def test_base_url_that_makes_no_links_is_a_fault(url: str) -> None:
    assert faults_of(BASE_URL=url) == [
        f"BASE_URL must be an http(s) address without query or user, not {url!r}"
    ]


@pytest.mark.parametrize(
    ("given", "address"),
    [
        ("demo@example.com", "demo@example.com"),
        ("Klarsicht KI <demo@example.com>", "demo@example.com"),
    ],
)
def test_sender_is_a_bare_address(given: str, address: str) -> None:
    config = Config.from_env({"SECRET_KEY": KEY, "MAIL_DEFAULT_SENDER": given})

    assert config.mail_default_sender == address


@pytest.mark.parametrize("sender", ["demo", "demo@localhost", "@example.com", "dämo@example.com"])
def test_sender_that_no_server_takes_is_a_fault(sender: str) -> None:
    assert faults_of(MAIL_DEFAULT_SENDER=sender) == [
        f"MAIL_DEFAULT_SENDER must be one mail address, not {sender!r}"
    ]


@pytest.mark.parametrize(
    ("settings", "faults"),
    [
        (
            {"MAIL_SERVER": "mail.example.com"},
            ["MAIL_PASSWORD would travel in the clear: set MAIL_USE_TLS or MAIL_USE_SSL"],
        ),
        ({"MAIL_SERVER": "mail.example.com", "MAIL_USE_TLS": "on"}, []),
        ({"MAIL_SERVER": "mail.example.com", "MAIL_USE_SSL": "on"}, []),
        ({"MAIL_SERVER": "127.0.0.1"}, []),
    ],
)
def test_password_in_the_clear_is_a_fault(settings: dict[str, str], faults: list[str]) -> None:
    password = {
        "MAIL_USERNAME": "halbstunde",
        "MAIL_PASSWORD": "secret",
        "MAIL_DEFAULT_SENDER": "demo@example.com",
    }

    assert faults_of(**password, **settings) == faults


@pytest.mark.parametrize(
    ("given", "missing"), [("MAIL_USERNAME", "MAIL_PASSWORD"), ("MAIL_PASSWORD", "MAIL_USERNAME")]
)
def test_half_a_login_is_a_fault(given: str, missing: str) -> None:
    assert faults_of(**{given: "halbstunde"}) == [
        f"{missing} is missing: the mail server's login needs both name and password"
    ]


@pytest.mark.parametrize(
    "url", ["mysql://x", "postgresql://u:p@host:abc/db", "sqlite:relative", "halbstunde"]
)
def test_database_address_that_cannot_be_used_is_a_fault(url: str) -> None:
    assert faults_of(DATABASE_URL=url) == [
        (
            "DATABASE_URL must be postgresql://user:password@host/database"
            " or sqlite:////absolute/path.db"
        )
    ]


@pytest.mark.parametrize(
    ("given", "meant"), [("on", True), ("TRUE", True), ("1", True), ("Off", False), ("0", False)]
)
def test_switches(given: str, *, meant: bool) -> None:
    config = Config.from_env({"SECRET_KEY": KEY, "DEMO": given})

    assert config == replace(Config.from_env({"SECRET_KEY": KEY}), demo=meant)
