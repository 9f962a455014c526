package config

import "fmt"

// roles wants each role to name one field: a change told in a mail is written into it.
func (k *checker) roles(r *Register, at string) {
	identify := map[FieldRole]struct{ key, field string }{
		RoleEmail: {"identify.email", r.Identify.Email}, RoleName: {"identify.name", r.Identify.Name},
		RoleBirthDate: {"identify.birth_date", r.Identify.BirthDate},
	}
	first := map[FieldRole]string{}
	for _, f := range r.Fields {
		path := at + ".fields." + f.Name + ".role"
		if f.Role == "" || !k.sound(path) {
			continue
		}
		if other := first[f.Role]; other != "" {
			k.fault(path, "is the role of "+shown(other)+" too", "keep it at the one field that a person's mail means")
			continue
		}
		first[f.Role] = f.Name
		if said := identify[f.Role]; said.field != "" && said.field != f.Name {
			k.fault(path, "is another field than "+said.key+" names", "remove the role, or correct "+said.key)
		}
	}
	for _, part := range []FieldRole{RoleStreet, RolePostcode, RoleCity} {
		if field := first[part]; field != "" && first[RoleAddress] != "" {
			k.fault(at+".fields."+field+".role", "is a part of what the field with the role address holds whole", "write either address, or street, postcode and city")
		}
	}
	if r.SQL == nil {
		return
	}
	for i, child := range r.SQL.Children {
		for _, f := range child.Fields {
			if path := fmt.Sprintf("%s.sql.children[%d].fields.%s.role", at, i, f.Name); f.Role != "" && k.sound(path) {
				k.fault(path, "counts only among the register's own fields", "remove it: mail does not change the rows of a child table")
			}
		}
	}
}
