"""People as the store holds them: in which columns, where one of them stands, and how all of it is forgotten."""
