"""Digital Post and letters over Serviceplatformen (SF1601), the way most municipalities already have an agreement for.

Told apart where known: (V) read in a schema or a real receipt, (C) in a client that others run, (?) not verified.

    channel      the two channels and the look-up
    client       calls with a token, over mutual TLS
    token        security token service > AccessTokenService > `Holder-of-key` token (C)
    kombi        the envelope that a message or a letter is sent in (C), the reply to it (C), a refusal's shape (?)
    fjernprint   a letter as `ForsendelseI` (V: the SF1600 schemas)
    post_status  receipts as Beskedfordeler pushes them (V for Digital Post's, C for the letters')
    push         who may push them, and what is replied (C)
"""
