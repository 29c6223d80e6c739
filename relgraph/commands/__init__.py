"""The commands of the command line, by what they are for; each calls the library and prints."""
