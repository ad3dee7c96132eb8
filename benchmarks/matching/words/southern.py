"""Other words for training: Spain, Portugal, Croatia, Austria, so that nothing is learnt by heart."""

from benchmarks.matching.words.shape import Country, Words, listed

_SPAIN = Country(
    "ES",
    0.40,
    20,
    listed(
        "Carmen Josefa Isabel Dolores Pilar Lucía Marta Sofía Antonio Manuel Francisco José David Javier Ángel Rafael "
        "Sergio Jesús Álvaro Íñigo Ramón Nuria"
    ),
    listed(
        "García Rodríguez González Fernández López Martínez Sánchez Pérez Gómez Martín Jiménez Ruiz Hernández Díaz "
        "Moreno Muñoz Álvarez Romero Alonso Gutiérrez Navarro Torres Domínguez Vázquez Ramos Gil Serrano Blanco Ibáñez"
    ),
    listed("Construcciones Talleres Reformas Suministros Gestión Transportes Alimentación Hostelería Fontanería"),
    ("S.L.", "S.L.", "S.L.U.", "S.A.", "S.Coop."),
    "Calle Mayor 12",
    (
        "{r}",
        "Fra. {r}",
        "pago factura {r}",
        "Transferencia fra {r} de {d}",
        "Factura núm. {r} cliente {c}",
        "abono {r} tlf {p}",
    ),
    ("", "pago", "transferencia", "recibo", "factura noviembre", "cliente {c}", "{d}"),
)
_PORTUGAL = Country(
    "PT",
    0.25,
    21,
    listed("Maria Ana Inês Beatriz Mariana João António Francisco Tiago Gonçalo Rui Nuno Luís Conceição"),
    listed(
        "Silva Santos Ferreira Pereira Oliveira Costa Rodrigues Martins Sousa Fernandes Gonçalves Gomes Lopes Marques "
        "Alves Almeida Ribeiro Pinto Carvalho Teixeira Moreira Correia Mendes Conceição Araújo"
    ),
    listed("Obras Comércio Serviços Transportes Turismo Contabilidade Metalúrgica Mobiliário"),
    ("Lda", "Lda", "Unipessoal Lda", "SA"),
    "Rua Direita 9",
    ("{r}", "Fatura {r}", "pag fatura {r}", "FT {r} de {d}", "Pagamento {r} cliente {c}", "trf {r}"),
    ("", "pagamento", "fatura", "trf", "cliente {c}", "serviços {d}"),
)
_CROATIA = Country(
    "HR",
    0.20,
    17,
    listed("Marija Ana Ivana Petra Nikolina Ivan Marko Josip Tomislav Željko Krešimir Ante Šime Branko"),
    listed(
        "Horvat Kovačević Babić Marić Jurić Novak Kovačić Knežević Vuković Marković Petrović Matić Tomić Pavlović "
        "Kovač Božić Blažević Grgić Pavić Radić Perić Filipović Šarić Lovrić"
    ),
    listed("Gradnja Trgovina Prijevoz Usluge Turizam Ugostiteljstvo Inženjering Drvo"),
    ("d.o.o.", "d.o.o.", "j.d.o.o.", "d.d.", "obrt"),
    "Ilica 21",
    ("{r}", "račun {r}", "rn {r}", "Plaćanje po računu {r} od {d}", "po rn. br. {r} kupac {c}"),
    ("", "plaćanje", "račun", "uplata", "kupac {c}", "usluga {d}"),
)
_AUSTRIA = Country(
    "AT",
    0.15,
    16,
    listed("Maria Elisabeth Gertrude Franz Josef Johann Herbert Jörg Käthe Leopold Waltraud Ignaz"),
    listed("Gruber Huber Bauer Wagner Pichler Steiner Moser Mayer Hofer Leitner Berger Fuchs Eder Fischer Öllinger"),
    listed("Tischlerei Gasthof Installationen Baumeister Handels Kälte Weinbau"),
    ("GmbH", "OG", "KG", "e.U."),
    "Hauptplatz 1",
    ("{r}", "Re-Nr {r}", "Rechnung {r} v. {d}", "Zahlg. {r}", "KdNr {c} ReNr {r}"),
    ("", "Überweisung", "Honorar", "lt. Rechnung", "KdNr {c}"),
)
SOUTHERN = Words(
    countries=(_SPAIN, _PORTUGAL, _CROATIA, _AUSTRIA),
    stems=listed(
        "Ibér Luso Adria Alpen Mar Monte Rio Verde Azul Costa Hidro Electro Ofi Info Tele Geo Bio Neo Galax Lumen "
        "Castell Dunav Velebit Tirol Duero Tajo Marina Puerto Campo Flor Olivar Pinar Roble Toro Zenit"
    ),
    endings=("", "", "tec", "sur", "al", "on"),
    foreign_texts=("{r}", "Invoice {r}", "payment inv. {r} of {d}", "INV {r} CUST {c}", "paiement facture {r}"),
    list_openings=("", "fras ", "FT ", "rn "),
    list_joints=(" ", ", ", " y ", " e ", "; ", " i "),
    collective_payers=("Gestora de Cobros Levante SA", "Factoring Adriatic d.d.", "Inmobiliaria Central SL"),
    junk=(
        *("Nómina {d}", "Devolución IVA {n}", "Intereses", "Reembolso {n}", "Liquidación TPV {n}", "Salário"),
        *("Reembolso IRS {n}", "Plaća {d}", "Povrat poreza {n}", "Gehalt {d}", "ref {o}", "Factura {n}", "FT {m}"),
        *("Bizum {p}", "siniestro {n}", "PayPal {n}", "{o}", "polica {n}"),
    ),
    junk_payers=(
        *("Agencia Tributaria", "Seguridad Social", "Autoridade Tributária", "Redsys", "Porezna uprava", "Mapfre"),
        *("Finanzamt Wien", "SumUp Payments", "PayPal Europe", "Fidelidade", "Croatia osiguranje"),
    ),
)
