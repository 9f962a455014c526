// Package seal keeps personal data unreadable for whoever has the database but not the
// key file. A Tink keyset wraps the data key of each sealed case; look-ups go by keyed
// hash. Forgetting a case is destroying its wrapped data key; rotation adds a keyset key
// and wraps the living data keys anew, without touching what they seal.
//
// The key file is in the clear: its mode (0600) protects it, or the credentials directory
// of systemd (LoadCredential=, LoadCredentialEncrypted=). A credential is a copy made when
// the service starts, so rotation wants a restart there; a file is read anew by itself.
// Back it up apart from the database: each is worth nothing without the other.
package seal
