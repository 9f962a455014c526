package demo

import (
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	_ "modernc.org/sqlite" // the customers' register
)

// grace is the undo window of an erasure in the demo; a real one is hours.
const grace = "3s"

// writeFiles makes the two registers and the configuration that names them.
func (w *world) writeFiles() error {
	if err := w.writeCustomers(); err != nil {
		return fmt.Errorf("make the customers' register: %w", err)
	}
	csv := "\ufeffemail;name;subscribed;lists\r\n" +
		"matti.meikalainen@posti.example;Matti Meikäläinen;yes;uutiskirje\r\n" +
		"maija.meikalainen@posti.example;Maija Meikäläinen;yes;uutiskirje\r\n" +
		"kalle.korhonen@posti.example;Kalle Korhonen;yes;uutiskirje, tapahtumat\r\n"
	if err := os.WriteFile(w.file("newsletter.csv"), []byte(csv), 0o600); err != nil {
		return err
	}
	if err := os.WriteFile(w.file("mail.password"), []byte(password+"\n"), 0o600); err != nil {
		return err
	}
	return os.WriteFile(w.file("dpobot.yaml"), []byte(w.configuration()), 0o600)
}

func (w *world) file(name string) string { return filepath.Join(w.dir, name) }

func (w *world) writeCustomers() error {
	db, err := sql.Open("sqlite", w.file("customers.db"))
	if err != nil {
		return err
	}
	defer db.Close()
	_, err = db.Exec(`
CREATE TABLE customers (id INTEGER PRIMARY KEY, name TEXT NOT NULL, email TEXT, phone TEXT, address TEXT, customer_number TEXT, since TEXT, notes TEXT);
INSERT INTO customers VALUES
 (1, 'Matti Meikäläinen', 'matti.meikalainen@posti.example', '+358 40 123 4567', 'Mannerheimintie 1 A 2, 00100 Helsinki', '10021', '2019-04-01', 'Soitetaan iltapäivisin'),
 (2, 'Matti Meikäläinen', 'matti.meikalainen@toinen.example', '+358 50 999 8888', 'Aleksanterinkatu 9, 33100 Tampere', '10022', '2021-02-11', 'Eri henkilö kuin 10021'),
 (3, 'Kalle Korhonen', 'kalle.korhonen@posti.example', '+358 44 222 3333', 'Koulukatu 5, 65100 Vaasa', '10057', '2022-09-15', ''),
 (4, 'Emily Carter', 'emily.carter@letters.example', '+358 41 555 0199', 'Old Street 1, 20100 Turku', '10080', '2023-01-20', '');
CREATE TABLE orders (id INTEGER PRIMARY KEY, customer INTEGER, day TEXT, product TEXT, total TEXT);
INSERT INTO orders VALUES (1, 1, '2024-05-02', 'Energiaselvitys', '480,00 €'), (2, 1, '2025-11-17', 'Kuntokartoitus', '690,00 €'),
 (3, 2, '2025-01-03', 'Energiatodistus', '350,00 €'), (4, 3, '2025-06-30', 'Energiatodistus', '350,00 €');`)
	return err
}

// configuration is a whole one, as an operator would write it.
func (w *world) configuration() string {
	return strings.NewReplacer(
		"{mailbox}", w.mailbox, "{officer}", w.officer, "{user}", strings.ReplaceAll(w.mailbox, "@", "%40"), "{grace}", grace,
	).Replace(strings.Replace(template, "{settings}", w.settings, 1))
}

const template = `# The configuration of the demo. A real one uses imaps://, smtps:// and redis: {managed: state}.
controller: {name: Power Competence Oy, business_id: 2356859-8, address: "PL 102, 33101 Tampere", country: FI, timezone: Europe/Helsinki, languages: [fi, sv, en]}
handlers:
  - {name: Pauli Vuorio, address: {officer}, language: fi, trust: dkim}
{settings}keys: {keyset_file: dpobot.keys}
dkim: {keys_file: dkim-keys.txt}
digest: {at: "00:00", days: daily}
canary: {off: true}   # here mails are counted; leave it on elsewhere
erasure: {grace: {grace}}
retention: {closed_cases: 730d}
registers:
  - name: asiakasrekisteri
    title: {fi: Asiakasrekisteri, sv: Kundregister, en: Customer register}
    sql:
      dsn: "sqlite:customers.db"
      table: customers
      key: id
      children:
        - {table: orders, foreign_key: customer, title: {fi: Tilaukset, sv: Beställningar, en: Orders},
           fields: {day: {title: {fi: Päivä, sv: Dag, en: Day}}, product: {title: {fi: Tuote, sv: Produkt, en: Product}}, total: {title: {fi: Summa, sv: Summa, en: Total}}}}
    identify: {email: email, name: name, telephone: phone, customer_number: customer_number}
    telephone: phone
    fields:
      name: {title: {fi: Nimi, sv: Namn, en: Name}, change: true}
      email: {title: {fi: Sähköpostiosoite, sv: E-postadress, en: E-mail address}, change: true}
      phone: {title: {fi: Puhelin, sv: Telefon, en: Telephone}, change: true}
      address: {title: {fi: Osoite, sv: Adress, en: Address}, change: true, control: true}
      customer_number: {title: {fi: Asiakasnumero, sv: Kundnummer, en: Customer number}, control: true}
      since: {title: {fi: Asiakas alkaen, sv: Kund sedan, en: Customer since}}
      notes: {title: {fi: Huomautukset, sv: Anteckningar, en: Notes}}
    erase:
      default: delete
      retain:
        - {fields: [name, address, orders], ground: {fi: "Kirjanpitolaki 2:10", sv: "Bokföringslagen 2:10", en: "Accounting Act 2:10"}, until: ledger}
    purpose: {fi: Asiakassuhteen hoito, sv: Skötsel av kundförhållandet, en: Looking after customers}
    legal_basis: {fi: "Sopimus (6 art. 1 b)", sv: "Avtal (art. 6.1 b)", en: "Contract (Art. 6(1)(b))"}
    source: {fi: Teiltä itseltänne, sv: Från er själv, en: From yourself}
    retention: {fi: "10 vuotta viimeisestä kaupasta", sv: "10 år från det senaste köpet", en: "10 years from the last purchase"}
    recipients: [{name: Tili Minetti Oy, purpose: {fi: kirjanpito, sv: bokföring, en: bookkeeping}}]
  - name: uutiskirje
    title: {fi: Uutiskirjeen tilaajat, sv: Nyhetsbrevets prenumeranter, en: Newsletter subscribers}
    sheet: {file: newsletter.csv}
    identify: {email: email, name: name}
    fields:
      email: {title: {fi: Sähköpostiosoite, sv: E-postadress, en: E-mail address}, change: true}
      name: {title: {fi: Nimi, sv: Namn, en: Name}, change: true}
      subscribed: {title: {fi: Tilaa, sv: Prenumererar, en: Subscribed}, change: true}
      lists: {title: {fi: Listat, sv: Listor, en: Lists}}
    marketing: {field: subscribed, value: "no"}
    erase: {default: delete}
    purpose: {fi: Uutiskirjeen lähettäminen, sv: Utskick av nyhetsbrevet, en: Sending the newsletter}
    legal_basis: {fi: "Suostumus (6 art. 1 a)", sv: "Samtycke (art. 6.1 a)", en: "Consent (Art. 6(1)(a))"}
    recipients: [{name: MailChimp, purpose: {fi: uutiskirjeen jakelu, sv: distribution av nyhetsbrevet, en: sending the newsletter}}]
notice:
  purposes: {fi: Asiakassuhteen hoito ja viestintä, sv: Kundrelation och kommunikation, en: Customer relations and communication}
  legal_basis: {fi: Sopimus ja suostumus, sv: Avtal och samtycke, en: Contract and consent}
  categories: {fi: Yhteystiedot ja ostot, sv: Kontaktuppgifter och köp, en: Contact details and purchases}
  recipients: [{name: Tili Minetti Oy}, {name: MailChimp}]
  retention: {fi: "10 vuotta viimeisestä kaupasta", sv: "10 år från det senaste köpet", en: "10 years from the last purchase"}
`
