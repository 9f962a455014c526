// Package seal keeps personal data unreadable for whoever has the database but not the
// key file. A Tink keyset wraps the data key of each sealed case; look-ups go by keyed
// hash. Forgetting a case is destroying its wrapped data key; rotation adds a keyset key
// and wraps the living data keys anew, without touching what they seal.
package seal
