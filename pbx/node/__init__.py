"""What runs beside each Asterisk: the phones-and-routes file, the publisher, the import of what survival took."""
