using System.Security.Cryptography;
using System.Text;

namespace Microcosm.Kafka;

/// <summary>
/// The server's side of SCRAM (RFC 5802, RFC 7677): the client proves that it knows the password, the server that it has the credential.
/// Invariant: nobody is authenticated whose proof does not match the stored key.
/// </summary>
/// <param name="credentials">By user and mechanism.</param>
/// <param name="serverNonce">Random printable text without a comma, new for each exchange.</param>
internal sealed class ScramExchange(
    ScramMechanism mechanism, IReadOnlyDictionary<(string User, byte Mechanism), ScramCredential> credentials, string serverNonce)
    : SaslExchange
{
    private ScramClientFirst? _first;
    private ScramCredential? _credential;
    private string _serverFirst = "";

    public override string Mechanism => mechanism.Name;

    public override SaslStep Step(ReadOnlySpan<byte> message)
    {
        var text = Encoding.UTF8.GetString(message);
        return _first is null ? First(text) : Final(text);
    }

    private SaslStep First(string message)
    {
        // There are no delegation tokens here, so none is valid.
        if (ScramClientFirst.Parse(message) is not { IsToken: false } first
            || !credentials.TryGetValue((first.User, mechanism.Code), out var credential))
            return SaslStep.Refused;
        if (first.ActsAs.Length > 0 && first.ActsAs != first.User)
            return SaslStep.Failed("Authentication failed: Client requested an authorization id that is different from username");
        if (credential.Iterations < ScramMechanism.IterationsMin)
            return SaslStep.Refused;
        (_first, _credential) = (first, credential);
        _serverFirst = $"r={first.Nonce}{serverNonce},s={Convert.ToBase64String(credential.Salt)},i={credential.Iterations}";
        return SaslStep.Continue(Encoding.UTF8.GetBytes(_serverFirst));
    }

    private SaslStep Final(string message)
    {
        if (ScramClientFinal.Parse(message) is not { } final || final.Nonce != _first!.Nonce + serverNonce)
            return SaslStep.Refused;
        var signed = Encoding.UTF8.GetBytes($"{_first.Bare},{_serverFirst},{final.WithoutProof}");
        var key = mechanism.Hmac(_credential!.StoredKey, signed);
        if (key.Length != final.Proof.Length)
            return SaslStep.Refused;
        for (var i = 0; i < key.Length; i++)
            key[i] ^= final.Proof[i];
        if (!CryptographicOperations.FixedTimeEquals(mechanism.Hash(key), _credential.StoredKey))
            return SaslStep.Refused;
        var signature = mechanism.Hmac(_credential.ServerKey, signed);
        return SaslStep.Done(_first.User, Encoding.UTF8.GetBytes($"v={Convert.ToBase64String(signature)}"));
    }
}
