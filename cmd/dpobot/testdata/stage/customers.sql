CREATE TABLE customers (id INTEGER PRIMARY KEY, name TEXT NOT NULL, email TEXT, phone TEXT, address TEXT, customer_number TEXT);
INSERT INTO customers VALUES
 (1, 'Matti Meikäläinen', 'matti@posti.example', '+358 40 123 4567', 'Mannerheimintie 1 A 2, 00100 Helsinki', '10021'),
 (2, 'Matti Meikäläinen', 'matti@toinen.example', '+358 50 999 8888', 'Aleksanterinkatu 9, 33100 Tampere', '10022'),
 (3, 'Kalle Korhonen', 'kalle@posti.example', '+358 44 222 3333', 'Koulukatu 5, 65100 Vaasa', '10057');
