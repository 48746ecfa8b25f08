"""What every service stands on: settings, errors, database, wire, cache, clock. No domain noun lives here."""
