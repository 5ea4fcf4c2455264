package main

import (
	"github.com/inventory-bridge/inventory-bridge/lambda/cmd/invbridge/session"
	"github.com/inventory-bridge/inventory-bridge/lambda/mapping/load"
	"github.com/spf13/cobra"
)

func mappingCommand(s *session.Session) *cobra.Command {
	cmd := &cobra.Command{
		GroupID: groupOwn, Use: "mapping",
		Short:   "Draft mappings, check and test them, list and show them, describe the types that they fill",
		Example: examples("invbridge mapping new --from backups.csv --out mine", "invbridge mapping check mine", "invbridge mapping test mine"),
		Args:    cobra.ArbitraryArgs, RunE: oneOfThese,
	}
	mappingFlags(cmd.PersistentFlags(), s)
	cmd.AddCommand(
		mappingNewCommand(s), mappingCheckCommand(s), mappingTestCommand(s),
		mappingTypesCommand(s), mappingListCommand(s), mappingShowCommand(s), mappingSchemaCommand(s),
	)
	return cmd
}

func mappingSchemaCommand(s *session.Session) *cobra.Command {
	return &cobra.Command{
		Use:     "schema",
		Short:   "Print the JSON Schema of mapping files",
		Example: examples("invbridge mapping schema > mapping.schema.json"),
		Args:    exactly(0, "mapping schema takes no arguments"),
		RunE: func(*cobra.Command, []string) error {
			_, err := s.Out.Write(load.Schema())
			return err
		},
	}
}
