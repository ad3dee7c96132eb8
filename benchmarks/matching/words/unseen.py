"""Words no prior was trained on: Finland, Czechia, Hungary, Denmark; what a new market looks like to the engine."""

from benchmarks.matching.words.shape import Country, Words, listed

_FINLAND = Country(
    "FI",
    0.35,
    14,
    listed("Aino Helmi Sofia Olivia Eeva Tuula Päivi Juhani Mikko Antti Jukka Timo Väinö Eero Jyrki Sirkka Yrjö"),
    listed(
        "Korhonen Virtanen Mäkinen Nieminen Mäkelä Hämäläinen Laine Heikkinen Koskinen Järvinen Lehtonen Lehtinen "
        "Saarinen Salminen Heinonen Niemi Heikkilä Salonen Kinnunen Turunen Salo Laitinen Tuominen Rantanen"
    ),
    listed("Rakennus Kuljetus Sähkö Huolto Kiinteistöt Tilitoimisto Putki Maalaus Konepaja"),
    ("Oy", "Oy", "Oyj", "Ky", "Tmi", "Osuuskunta"),
    "Mannerheimintie 5",
    ("{r}", "lasku {r}", "Laskun nro {r}", "viite {r} as.nro {c}", "maksu laskusta {r} {d}", "{r} puh {p}"),
    ("", "lasku", "maksu", "vuokra", "asiakas {c}", "kiitos", "{d}"),
)
_CZECHIA = Country(
    "CZ",
    0.30,
    20,
    listed("Jana Eva Hana Lenka Kateřina Věra Jiří Petr Pavel Zdeněk Václav Ondřej Lukáš Miloš Božena"),
    listed(
        "Novák Svoboda Novotný Dvořák Černý Procházka Kučera Veselý Horák Němec Marek Pospíšil Hájek Jelínek Král "
        "Růžička Beneš Fiala Sedláček Doležal Zeman Kolář Krejčí Navrátil Čermák"
    ),
    listed("Stavby Doprava Obchod Servis Účetnictví Strojírny Pekařství Nábytek"),
    ("s.r.o.", "s.r.o.", "a.s.", "v.o.s."),
    "Nádražní 8",
    ("{r}", "VS {r}", "platba faktury {r}", "úhrada fa {r} ze dne {d}", "fa č. {r} zák. {c}"),
    ("", "platba", "úhrada", "faktura říjen", "zák. {c}", "nájem {d}"),
)
_HUNGARY = Country(
    "HU",
    0.20,
    24,
    listed("Erzsébet Katalin Zsuzsanna Ilona László István Zoltán Ferenc Gábor Attila Tamás Györgyi Csaba Ödön"),
    listed(
        "Nagy Kovács Tóth Szabó Horváth Varga Kiss Molnár Németh Farkas Balogh Papp Takács Juhász Lakatos Mészáros "
        "Oláh Simon Rácz Fekete Szilágyi Török Fehér Gál Kőszegi"
    ),
    listed("Építő Szállítás Kereskedelmi Szolgáltató Ingatlan Gépipari Bútor Könyvelő"),
    ("Kft.", "Kft.", "Zrt.", "Bt."),
    "Fő utca 3",
    ("{r}", "számla {r}", "számlaszám: {r}", "{r} sz. számla {d}", "átutalás {r} ügyfél {c}"),
    ("", "számla", "átutalás", "díj {d}", "ügyfél {c}"),
)
_DENMARK = Country(
    "DK",
    0.15,
    14,
    listed("Anne Mette Kirsten Hanne Jørgen Søren Niels Henrik Bjarne Åge Lærke Øjvind"),
    listed("Nielsen Jensen Hansen Pedersen Andersen Christensen Larsen Sørensen Rasmussen Jørgensen Møller Kjær"),
    listed("Byg Vognmand Smede Ejendomme Regnskab Køle Fiskeri"),
    ("ApS", "ApS", "A/S", "I/S"),
    "Nørregade 11",
    ("{r}", "faktura nr. {r}", "fakt {r} af {d}", "bet. {r} kunde {c}"),
    ("", "betaling", "faktura", "husleje", "kunde {c}"),
)
UNSEEN = Words(
    countries=(_FINLAND, _CZECHIA, _HUNGARY, _DENMARK),
    stems=listed(
        "Suomi Pohja Karhu Lumi Joki Bohem Morava Labe Praga Panno Tisza Balaton Dan Fyn Jyd Sjæl Korpi Kuusi Hvid "
        "Zlat Star Hor Arany Kék Turul Havas Tammi Vesi Kivi Kvant Modul Signal Vektor Fokus"
    ),
    endings=("", "", "o", "ia", "tek", "us"),
    foreign_texts=("{r}", "inv no {r}", "Payment for invoice {r}", "re {r} / {d}", "YOUR INVOICE {r} OUR REF {c}"),
    list_openings=("", "laskut ", "fa ", "nos. "),
    list_joints=(", ", " ", " & ", " ja ", " a ", "; "),
    collective_payers=("Lowell Suomi Oy", "Bytové družstvo Střed", "Ingatlankezelő Közép Zrt."),
    junk=(
        *("Palkka {d}", "Veronpalautus {n}", "Korko", "Mzda", "Vrácení DPH {n}", "Bér {d}", "ÁFA visszatérítés {n}"),
        *("Løn {d}", "Moms {n}", "Korttitilitys {n}", "viite {o}", "lasku {n}", "VS {o}", "fa {m}", "MobilePay {p}"),
        *("Pojistné plnění {n}", "kártérítés {n}", "PayPal {n}", "{o}"),
    ),
    junk_payers=(
        *("Verohallinto", "Kela", "Finanční úřad", "Česká pojišťovna", "NAV", "Generali Biztosító", "Skattestyrelsen"),
        *("Nets Denmark", "Paytrail", "GP webpay", "PayPal Europe", "Tryg Forsikring"),
    ),
)
