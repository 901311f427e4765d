using System.Security.Cryptography;
using System.Text;

namespace Microcosm.Kafka;

/// <summary>SASL/PLAIN (RFC 4616): one message with name and password.</summary>
/// <param name="passwords">By user.</param>
internal sealed class PlainExchange(IReadOnlyDictionary<string, string> passwords) : SaslExchange
{
    public const string Name = "PLAIN";

    public override string Mechanism => Name;

    public override SaslStep Step(ReadOnlySpan<byte> message)
    {
        var tokens = Encoding.UTF8.GetString(message).Split('\0', 4);
        if (tokens.Length != 3)
            return SaslStep.Failed($"Invalid SASL/PLAIN response: expected 3 tokens, got {tokens.Length}");
        var (actsAs, user, password) = (tokens[0], tokens[1], tokens[2]);
        if (user.Length == 0)
            return SaslStep.Failed("Authentication failed: username not specified");
        if (password.Length == 0)
            return SaslStep.Failed("Authentication failed: password not specified");
        var isKnown = passwords.TryGetValue(user, out var expected);
        if (!AreEqual(password, expected ?? "") || !isKnown)
            return SaslStep.Failed("Authentication failed: Invalid username or password");
        return actsAs.Length == 0 || actsAs == user
            ? SaslStep.Done(user, [])
            : SaslStep.Failed("Authentication failed: Client requested an authorization id that is different from username");
    }

    // Of digests, so that the time tells not even the length.
    private static bool AreEqual(string given, string expected) => CryptographicOperations.FixedTimeEquals(
        SHA256.HashData(Encoding.UTF8.GetBytes(given)), SHA256.HashData(Encoding.UTF8.GetBytes(expected)));
}
