"""Whether an address tells the company: at providers of mail for everybody it does not.

The list is our own. It names those that prospects in Europe and America write from; an address at
one that is missing is taken for a company's, so that its strangers may go to one host.
"""

from __future__ import annotations

FAMILIES = frozenset(
    {"gmx", "yahoo", "ymail", "hotmail", "live", "outlook", "msn", "aol", "yandex"}
)
"""Providers with one domain a country: whatever the ending is."""

FREE_MAIL_DOMAINS = frozenset(
    {
        # Germany, Austria, Switzerland
        *("web.de", "t-online.de", "freenet.de", "arcor.de", "email.de", "mail.de", "online.de"),
        *(
            "magenta.de",
            "vodafone.de",
            "vodafonemail.de",
            "kabelmail.de",
            "o2mail.de",
            "o2online.de",
        ),
        *("1und1.de", "ewetel.net", "ewe.net", "netcologne.de", "unitybox.de", "osnanet.de"),
        *("posteo.de", "posteo.net", "posteo.at", "posteo.ch", "mailbox.org", "tutanota.de"),
        *("directbox.com", "firemail.de", "smart-mail.de", "lycos.de", "kabelbw.de", "htp-tel.de"),
        *("a1.net", "aon.at", "chello.at", "drei.at", "inode.at", "kabsi.at", "liwest.at"),
        *("bluewin.ch", "hispeed.ch", "sunrise.ch", "green.ch", "quickline.ch", "swissonline.ch"),
        # Everywhere
        *("gmail.com", "googlemail.com", "google.com", "icloud.com", "me.com", "mac.com"),
        *("passport.com", "windowslive.com", "rocketmail.com", "aim.com", "mail.com", "email.com"),
        *("proton.me", "protonmail.com", "protonmail.ch", "pm.me", "tutanota.com", "tuta.io"),
        *("tuta.com", "tutamail.com", "keemail.me", "hey.com", "fastmail.com", "fastmail.fm"),
        *("zoho.com", "zohomail.eu", "hushmail.com", "runbox.com", "duck.com", "inbox.com"),
        *("mailfence.com", "startmail.com", "countermail.com", "cock.li", "riseup.net"),
        # Other countries
        *("orange.fr", "wanadoo.fr", "free.fr", "laposte.net", "sfr.fr", "bbox.fr", "neuf.fr"),
        *("libero.it", "virgilio.it", "alice.it", "tin.it", "tiscali.it", "fastwebnet.it"),
        *("telefonica.net", "terra.es", "ono.com", "sapo.pt", "netcabo.pt", "telenet.be"),
        *("skynet.be", "proximus.be", "ziggo.nl", "kpnmail.nl", "planet.nl", "xs4all.nl"),
        *("home.nl", "hetnet.nl", "casema.nl", "tele2.nl", "btinternet.com", "sky.com"),
        *("talktalk.net", "virginmedia.com", "ntlworld.com", "blueyonder.co.uk", "eircom.net"),
        *("mail.dk", "telia.com", "bredband.net", "online.no", "wp.pl", "o2.pl", "onet.pl"),
        *("interia.pl", "poczta.fm", "seznam.cz", "centrum.cz", "azet.sk", "freemail.hu"),
        *("citromail.hu", "abv.bg", "mail.bg", "mail.ru", "bk.ru", "inbox.ru", "list.ru"),
        *("rambler.ru", "ukr.net", "i.ua", "inbox.lv", "comcast.net", "verizon.net", "att.net"),
        *("sbcglobal.net", "bellsouth.net", "cox.net", "charter.net", "earthlink.net"),
        *("rogers.com", "shaw.ca", "sympatico.ca", "bigpond.com", "optusnet.com.au"),
        *("qq.com", "163.com", "126.com", "sina.com", "naver.com", "hanmail.net", "daum.net"),
        *("rediffmail.com", "uol.com.br", "bol.com.br", "terra.com.br"),
    }
)


def company_domain(address: str) -> str | None:
    """Return the domain of a normalised address, if it tells a company; else None."""
    domain = address.rpartition("@")[2]
    is_free = domain in FREE_MAIL_DOMAINS or domain.partition(".")[0] in FAMILIES
    return None if is_free else domain
