"""Other systems’ forms, read and written: calendars, spreadsheets. Border: no rule of a case is decided here."""
