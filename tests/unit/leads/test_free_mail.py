import pytest

from booking.leads.free_mail import FREE_MAIL_DOMAINS, company_domain


@pytest.mark.parametrize(
    "domain",
    [
        *("gmx.de", "gmx.net", "gmx.at", "web.de", "t-online.de", "gmail.com", "googlemail.com"),
        *("outlook.com", "outlook.de", "hotmail.co.uk", "yahoo.fr", "live.de", "icloud.com"),
    ],
)
def test_address_at_a_provider_for_everybody_tells_no_company(domain: str) -> None:
    assert company_domain(f"erika@{domain}") is None


@pytest.mark.parametrize("domain", ["firma.example", "kunde.de", "web.de.example", "mygmx.de"])
def test_other_addresses_tell_their_company(domain: str) -> None:
    assert company_domain(f"erika@{domain}") == domain


def test_domains_are_written_as_addresses_are_stored() -> None:
    assert {domain for domain in FREE_MAIL_DOMAINS if domain != domain.lower()} == set()
