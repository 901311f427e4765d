using System.Security.Cryptography;
using System.Text;

namespace Microcosm.Kafka;

/// <summary>SCRAM-SHA-256 and SCRAM-SHA-512 (RFC 5802, RFC 7677): the hash and the keys made with it.</summary>
internal sealed class ScramMechanism
{
    /// <summary>Credentials with fewer are refused.</summary>
    public const int IterationsMin = 4096;

    public static readonly ScramMechanism Sha256 = new("SCRAM-SHA-256", 1, HashAlgorithmName.SHA256, 32);
    public static readonly ScramMechanism Sha512 = new("SCRAM-SHA-512", 2, HashAlgorithmName.SHA512, 64);

    private readonly HashAlgorithmName _hash;
    private readonly int _bytes;

    private ScramMechanism(string name, byte code, HashAlgorithmName hash, int bytes)
    {
        Name = name;
        Code = code;
        _hash = hash;
        _bytes = bytes;
    }

    public string Name { get; }

    /// <summary>In requests and credentials.</summary>
    public byte Code { get; }

    /// <summary>Null if there is none of the code.</summary>
    public static ScramMechanism? Find(sbyte code) => code switch
    {
        1 => Sha256,
        2 => Sha512,
        _ => null,
    };

    /// <summary>What a broker keeps of a password, which it cannot be made from.</summary>
    /// <param name="salt">Random, 16 bytes or more.</param>
    public ScramCredential Credential(string user, string password, byte[] salt, int iterations = IterationsMin) =>
        Credential(user, SaltedPassword(password, salt, iterations), salt, iterations);

    /// <param name="saltedPassword">What clients send in its place (KIP-554).</param>
    public ScramCredential Credential(string user, ReadOnlySpan<byte> saltedPassword, byte[] salt, int iterations) =>
        new(user, Code, salt, Hash(ClientKey(saltedPassword)), ServerKey(saltedPassword), iterations);

    // Kafka does not prepare passwords by SASLprep either.
    public byte[] SaltedPassword(string password, ReadOnlySpan<byte> salt, int iterations) =>
        Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(password), salt, iterations, _hash, _bytes);

    public byte[] ClientKey(ReadOnlySpan<byte> saltedPassword) => Hmac(saltedPassword, "Client Key"u8);

    public byte[] ServerKey(ReadOnlySpan<byte> saltedPassword) => Hmac(saltedPassword, "Server Key"u8);

    public byte[] Hash(ReadOnlySpan<byte> bytes) => CryptographicOperations.HashData(_hash, bytes);

    public byte[] Hmac(ReadOnlySpan<byte> key, ReadOnlySpan<byte> bytes) => CryptographicOperations.HmacData(_hash, key, bytes);
}
