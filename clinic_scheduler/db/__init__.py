"""Tables, migrations, engines, the unit of work and change notices."""
