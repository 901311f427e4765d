using System.Text;

namespace Microcosm.Chubby.Tests;

/// <summary>SASL's DIGEST-MD5 alone; a Java client takes part in <c>ZkCliTests</c>.</summary>
public sealed class DigestMd5Tests
{
    // As Java's client says it.
    private const string Right = """
        charset=utf-8,username="bob",realm="zk-sasl-md5",nonce="n0nce",nc=00000001,cnonce="c",digest-uri="zookeeper/zk-sasl-md5",
        """;

    private readonly DigestMd5 _server = new("n0nce", user => user == "bob" ? "secret" : null);

    [Fact]
    public void A_proof_by_the_password_is_answered_with_one()
    {
        Assert.Contains("nonce=\"n0nce\"", Encoding.UTF8.GetString(_server.Challenge()), StringComparison.Ordinal);
        Assert.StartsWith("rspauth=", Encoding.UTF8.GetString(Answer(Right, Proof("secret"))!), StringComparison.Ordinal);
        Assert.Equal("bob", _server.User);
        // Once alone.
        Assert.Null(Answer(Right, Proof("secret")));
    }

    [Theory]
    [InlineData("username=\"bob\"", "username=\"carol\"")]
    [InlineData("n0nce", "other")]
    [InlineData("nc=00000001", "nc=00000002")]
    [InlineData("realm=\"zk-sasl-md5\"", "realm=\"elsewhere\"")]
    [InlineData("uri=\"zookeeper/", "uri=\"other/")]
    [InlineData("cnonce", "authzid=\"alice\",cnonce")]
    [InlineData("nc=", "nC=")]
    [InlineData("username=\"bob\"", "username=")]
    [InlineData("charset=utf-8,", "charset")]
    public void Anything_else_is_none(string said, string instead)
    {
        Assert.Null(Answer(Right.Replace(said, instead, StringComparison.Ordinal), Proof("secret")));
        Assert.Null(_server.User);
    }

    [Fact]
    public void A_wrong_password_is_none()
    {
        Assert.Null(Answer(Right, Proof("secreT")));
        Assert.Null(_server.Answer([]));
        Assert.Null(_server.Answer([0xff, (byte)'=', (byte)'"', (byte)'\\']));
    }

    private static string Proof(string password)
    {
        static byte[] Of(byte[] bytes) => System.Security.Cryptography.MD5.HashData(bytes);
        static string Hex(string text) => Convert.ToHexStringLower(Of(Encoding.UTF8.GetBytes(text)));
        var first = Of(Encoding.UTF8.GetBytes($"bob:zk-sasl-md5:{password}")).Concat(":n0nce:c"u8.ToArray()).ToArray();
        return Hex($"{Convert.ToHexStringLower(Of(first))}:n0nce:00000001:c:auth:{Hex("AUTHENTICATE:zookeeper/zk-sasl-md5")}");
    }

    private byte[]? Answer(string said, string proof) => _server.Answer(Encoding.UTF8.GetBytes($"{said.Trim()}qop=auth,response={proof}"));
}
