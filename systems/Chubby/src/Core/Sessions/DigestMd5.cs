using System.Security.Cryptography;
using System.Text;

namespace Microcosm.Chubby;

/// <summary>
/// The server's side of SASL's DIGEST-MD5 (RFC 2831) on one connection: a challenge, then proofs of both. Quality "auth" alone.
/// </summary>
/// <param name="nonce">Given once.</param>
/// <param name="passwordOf">A user's password; null for nobody.</param>
internal sealed class DigestMd5(string nonce, Func<string, string?> passwordOf)
{
    // ZooKeeper's clients know no other.
    private const string Realm = "zk-sasl-md5";
    private const string Uri = "zookeeper/" + Realm;

    /// <summary>Who has shown himself to be; null until then.</summary>
    public string? User { get; private set; }

    /// <summary>What the server says first.</summary>
    public byte[] Challenge() =>
        Encoding.UTF8.GetBytes($"realm=\"{Realm}\",nonce=\"{nonce}\",qop=\"auth\",charset=utf-8,algorithm=md5-sess");

    /// <summary>The server's own proof, for a right one of the client; null for a wrong one.</summary>
    public byte[]? Answer(byte[] response)
    {
        var said = Directives(Encoding.UTF8.GetString(response));
        string Said(string name) => said.GetValueOrDefault(name, "");
        var user = Said("username");
        // A nonce is good for one answer, and nobody speaks for another.
        if (User is not null || Said("nonce") != nonce || Said("nc") != "00000001" || Said("realm") != Realm || Said("digest-uri") != Uri
            || said.GetValueOrDefault("qop", "auth") != "auth" || said.GetValueOrDefault("authzid", user) != user
            || passwordOf(user) is not { } password)
            return null;
        var start = MD5.HashData(Encoding.UTF8.GetBytes($"{user}:{Realm}:{password}"));
        var rest = $":{nonce}:{Said("cnonce")}{(said.TryGetValue("authzid", out var id) ? ":" + id : "")}";
        var key = Hex([.. start, .. Encoding.UTF8.GetBytes(rest)]);
        string Proof(string action) =>
            Hex(Encoding.UTF8.GetBytes($"{key}:{nonce}:00000001:{Said("cnonce")}:auth:{Hex(Encoding.UTF8.GetBytes(action + ":" + Uri))}"));
        var (wanted, given) = (Encoding.ASCII.GetBytes(Proof("AUTHENTICATE")), Encoding.UTF8.GetBytes(Said("response")));
        if (!CryptographicOperations.FixedTimeEquals(wanted, given))
            return null;
        User = user;
        return Encoding.ASCII.GetBytes("rspauth=" + Proof(""));
    }

#pragma warning disable CA5351 // the mechanism says MD5
    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(MD5.HashData(bytes));
#pragma warning restore CA5351

    // name=value and name="value", between commas; a backslash quotes.
    private static Dictionary<string, string> Directives(string text)
    {
        var directives = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var at = 0; at < text.Length; at++)
        {
            var equals = text.IndexOf('=', at);
            if (equals < 0)
                break;
            var (name, value) = (text[at..equals].Trim(), new StringBuilder());
            at = equals + 1;
            if (at < text.Length && text[at] == '"')
            {
                for (at++; at < text.Length && text[at] != '"'; at++)
                    value.Append(text[at] == '\\' && at + 1 < text.Length ? text[++at] : text[at]);
                at++;
            }
            else
            {
                for (; at < text.Length && text[at] != ','; at++)
                    value.Append(text[at]);
            }
            directives[name] = value.ToString();
        }
        return directives;
    }
}
