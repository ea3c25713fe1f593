"""The command line: starts, drives, asks and reports; decides nothing."""
