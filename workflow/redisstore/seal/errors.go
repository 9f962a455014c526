package seal

import "errors"

// The errors that callers tell apart. Their texts say what to mend, and never show a key.
var (
	// ErrMissing: there is no key file at the path.
	ErrMissing = errors.New("there is no key file; `dpobot keys create` makes one")
	// ErrExists: Create found a file where it was to make one. Whoever overwrites a key
	// file loses every case that it seals.
	ErrExists = errors.New("there is a key file already; it is never overwritten")
	// ErrExposed: others than the owner may read the key file.
	ErrExposed = errors.New("others may read the key file; mend with chmod 600, and rotate the keys if somebody did")
	// ErrDamaged: the key file is not what Create wrote.
	ErrDamaged = errors.New("the key file is damaged; bring it back from its backup")
	// ErrUnknownKey: the data was sealed under a key that the key file does not hold.
	ErrUnknownKey = errors.New("sealed under a key that the key file does not hold; bring back the file that belongs to this database")
	// ErrUnreadable: the sealed data was changed, cut short, or belongs elsewhere.
	ErrUnreadable = errors.New("the sealed data was changed or belongs elsewhere")
)
