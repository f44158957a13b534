"""The agenda: sessions, that is appointments, of clients with artists."""
