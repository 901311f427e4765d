namespace Microcosm.Http;

/// <summary>
/// What session tickets are encrypted by (ssl_session_ticket_key): the first key encrypts, any decrypts. Thread-safe. A key is 48 bytes (a
/// name of 16, an AES-128 key, an HMAC key of 16) or 80 (a name of 16, an HMAC key of 32, an AES-256 key).
/// </summary>
public sealed unsafe class TlsTicketKeys
{
    private const int NameBytes = 16;

    private readonly Lock _gate = new();
    private readonly TimeProvider? _clock;
    private readonly long _lifetimeSeconds;
    private volatile Key[] _keys;
    private long _changeSeconds;

    /// <summary>Keys of files. Throws <see cref="TlsException"/> for a file of another length.</summary>
    public TlsTicketKeys(IReadOnlyList<TlsFile> files)
    {
        ArgumentOutOfRangeException.ThrowIfZero(files.Count);
        _keys = [.. files.Select(f => Key.TryRead(f.Bytes.Span)
            ?? throw new TlsException(TlsFailure.Setting, $"\"{f.Name}\" must be 48 or 80 bytes"))];
    }

    /// <summary>Keys of its own: a new one each <paramref name="lifetimeSeconds"/>; the one before still decrypts.</summary>
    /// <param name="lifetimeSeconds">How long a ticket may be used.</param>
    public TlsTicketKeys(TimeProvider clock, int lifetimeSeconds)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(lifetimeSeconds, 1);
        OpenSsl.Require();
        (_clock, _lifetimeSeconds, _keys) = (clock, lifetimeSeconds, []);
    }

    /// <summary>
    /// OpenSSL's question: sets the ciphers for a ticket. Returns below 0 for an error, 0 where no key fits, 1 where it is set, 2 where the
    /// client is to get a new ticket.
    /// </summary>
    /// <param name="renews">A ticket is good for one connection.</param>
    internal int Answer(byte* name, byte* iv, nint cipher, nint mac, bool encrypts, bool renews)
    {
        var keys = Current();
        if (encrypts)
            return keys[0].Encrypt(name, iv, cipher, mac) ? 1 : -1;
        for (var i = 0; i < keys.Length; i++)
        {
            if (keys[i].IsNamed(new ReadOnlySpan<byte>(name, NameBytes)))
                return !keys[i].Decrypt(iv, cipher, mac) ? -1 : i == 0 && !renews ? 1 : 2;
        }
        return 0;
    }

    private Key[] Current()
    {
        if (_clock is null)
            return _keys;
        var now = _clock.GetUtcNow().ToUnixTimeSeconds();
        lock (_gate)
        {
            if (now < _changeSeconds)
                return _keys;
            // What was encrypted by the key before the last one is out of date by now.
            var isPreviousOfUse = _keys.Length > 0 && now < _changeSeconds + _lifetimeSeconds;
            _keys = isPreviousOfUse ? [Key.New(), _keys[0]] : [Key.New()];
            _changeSeconds = now + _lifetimeSeconds;
            return _keys;
        }
    }

    private sealed class Key(byte[] name, byte[] aes, byte[] hmac)
    {
        public static Key? TryRead(ReadOnlySpan<byte> bytes) => bytes.Length switch
        {
            48 => new Key(bytes[..16].ToArray(), bytes[16..32].ToArray(), bytes[32..].ToArray()),
            80 => new Key(bytes[..16].ToArray(), bytes[48..].ToArray(), bytes[16..48].ToArray()),
            _ => null,
        };

        public static Key New()
        {
            var bytes = stackalloc byte[80];
            if (LibCrypto.RandomBytes(bytes, 80) != 1)
                throw TlsException.OfSetting("RAND_bytes() failed");
            return TryRead(new ReadOnlySpan<byte>(bytes, 80))!;
        }

        public bool IsNamed(ReadOnlySpan<byte> other) => other.SequenceEqual(name);

        public bool Encrypt(byte* ticketName, byte* iv, nint cipher, nint mac)
        {
            name.CopyTo(new Span<byte>(ticketName, NameBytes));
            fixed (byte* key = aes)
            {
                return LibCrypto.RandomBytes(iv, 16) == 1
                    && LibCrypto.BeginEncryption(cipher, Cipher, 0, key, iv) == 1
                    && Authenticate(mac);
            }
        }

        public bool Decrypt(byte* iv, nint cipher, nint mac)
        {
            fixed (byte* key = aes)
                return LibCrypto.BeginDecryption(cipher, Cipher, 0, key, iv) == 1 && Authenticate(mac);
        }

        private nint Cipher => aes.Length == 16 ? LibCrypto.Aes128Cbc() : LibCrypto.Aes256Cbc();

        private bool Authenticate(nint mac)
        {
            fixed (byte* key = hmac, keyName = "key\0"u8, digestName = "digest\0"u8, digest = "SHA256\0"u8)
            {
                var parameters = stackalloc OsslParameter[3];
                parameters[0] = OsslParameter.Bytes(keyName, key, hmac.Length);
                parameters[1] = OsslParameter.Text(digestName, digest, 6);
                parameters[2] = default;
                return LibCrypto.SetMac(mac, parameters) == 1;
            }
        }
    }
}
