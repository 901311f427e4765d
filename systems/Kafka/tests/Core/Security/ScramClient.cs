using System.Security.Cryptography;
using System.Text;

namespace Microcosm.Kafka.Tests.Core;

/// <summary>The client's side of SCRAM by RFC 5802, written apart from the server's.</summary>
internal sealed class ScramClient(HashAlgorithmName hash, string user, string password, string nonce, string extensions = "")
{
    private byte[] _salted = [];
    private string _signed = "";

    public string First => $"n,,{Bare}";

    private string Bare => $"n={user.Replace("=", "=3D").Replace(",", "=2C")},r={nonce}{extensions}";

    public string Final(string serverFirst)
    {
        var fields = serverFirst.Split(',');
        var salt = Convert.FromBase64String(fields[1][2..]);
        var iterations = int.Parse(fields[2][2..]);
        _salted = Rfc2898DeriveBytes.Pbkdf2(password, salt, iterations, hash, hash == HashAlgorithmName.SHA256 ? 32 : 64);
        var clientKey = Hmac(_salted, "Client Key");
        var without = $"c=biws,{fields[0]}";
        _signed = $"{Bare},{serverFirst},{without}";
        var signature = Hmac(CryptographicOperations.HashData(hash, clientKey), _signed);
        return $"{without},p={Convert.ToBase64String([.. clientKey.Zip(signature, (a, b) => (byte)(a ^ b))])}";
    }

    public string ServerSignature => "v=" + Convert.ToBase64String(Hmac(Hmac(_salted, "Server Key"), _signed));

    private byte[] Hmac(byte[] key, string text) => CryptographicOperations.HmacData(hash, key, Encoding.UTF8.GetBytes(text));
}
