package main

import (
	"testing"

	"dpobot/config"
	"dpobot/responders/registers"
)

// TestRolesReachTheRegisters: each role of a field means in the registers what the configuration says.
func TestRolesReachTheRegisters(t *testing.T) {
	for role, want := range map[config.FieldRole]registers.Holds{
		"": "", config.RoleName: registers.HoldsName, config.RoleSurname: registers.HoldsSurname, config.RoleGivenName: registers.HoldsGivenName,
		config.RoleEmail: registers.HoldsEmail, config.RoleTelephone: registers.HoldsTelephone, config.RoleAddress: registers.HoldsAddress,
		config.RoleStreet: registers.HoldsStreet, config.RolePostcode: registers.HoldsPostcode, config.RoleCity: registers.HoldsCity,
		config.RoleBirthDate: registers.HoldsBirthDate, config.RoleAccount: registers.HoldsAccount,
	} {
		spec := specOf(&config.Config{}, config.Register{Name: "r", Fields: []config.Field{{Name: "f", Role: role}}})
		if got := spec.Fields[0].Role; got != want {
			t.Errorf("role %q: got %q, want %q", role, got, want)
		}
	}
}
