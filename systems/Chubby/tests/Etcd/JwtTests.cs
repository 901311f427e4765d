using System.Security.Cryptography;
using Microcosm.Chubby.Etcd;

namespace Microcosm.Chubby.Tests.Etcd;

/// <summary>Signed tokens: ours are a real etcd's, and its are ours.</summary>
public sealed class JwtTests : IDisposable
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch.AddDays(20_000);

    private static readonly string[] Commands =
    [
        "user add root:pw", "user add reader:pw", "role add r", "role grant-permission r read a", "user grant-role root root",
        "user grant-role reader r", "auth enable", "--user=root:pw put a 1", "--user=reader:pw get a", "--user=reader:pw put a 2",
        "--user=reader:wrong get a", "get a", "--user=root:pw role grant-permission r readwrite b", "--user=reader:pw put b 2",
    ];

    private readonly string _folder = Directory.CreateTempSubdirectory("jwt-").FullName;

    public JwtTests()
    {
        using var rsa = RSA.Create(2048);
        File.WriteAllText(Path.Combine(_folder, "key"), rsa.ExportRSAPrivateKeyPem());
        File.WriteAllText(Path.Combine(_folder, "pub"), rsa.ExportSubjectPublicKeyInfoPem());
        using var ecdsa = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        File.WriteAllText(Path.Combine(_folder, "ec"), ecdsa.ExportECPrivateKeyPem());
    }

    private string Rsa => $"jwt,sign-method=RS256,pub-key={_folder}/pub,priv-key={_folder}/key,ttl=10m";

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_real_etcd_and_we_take_each_others_tokens()
    {
        await using var real = await RealEtcd.StartAsync("", "http", "--auth-token", Rsa);
        await using var world = await World.StartAsync(w => w.AddEtcd(o => o.AuthToken = Rsa));
        var own = world.System("etcd").Endpoints[0];
        var (ours, theirs) = (new EtcdctlLine("", own), new EtcdctlLine("", real.Endpoint));
        foreach (var command in Commands)
            Assert.Equal((command, await theirs.RunAsync(command)), (command, await ours.RunAsync(command)));
        foreach (var giver in new[] { own, real.Endpoint })
        {
            var token = await TokenAsync(giver);
            foreach (var taker in new[] { own, real.Endpoint })
            {
                var answer = await PostAsync(taker, "kv/range", "{\"key\":\"YQ==\"}", token);
                Assert.Contains("\"value\":\"MQ==\"", answer, StringComparison.Ordinal);
            }
        }
    }

    [Theory]
    [InlineData("RS256", "key")]
    [InlineData("PS384", "key")]
    [InlineData("ES256", "ec")]
    [InlineData("HS512", "pub")]
    public void A_token_holds_until_its_time_is_over(string method, string key)
    {
        var tokens = JwtTokens.Of($"jwt,sign-method={method},priv-key={_folder}/{key},ttl=60s")!;
        var access = new Access("reader", 7);
        var token = tokens.Sign(access, Now);
        Assert.Equal(access, tokens.Verify(token, Now.AddSeconds(60)));
        Assert.Null(tokens.Verify(token, Now.AddSeconds(61)));
        foreach (var broken in new[] { "", "a.b.c", token[..^2], token + "AA", "x" + token, token.Replace('.', ','), "bnVsbA.bnVsbA.AA" })
            Assert.Null(tokens.Verify(broken, Now));
        Assert.Null(JwtTokens.Of($"jwt,sign-method=HS256,priv-key={_folder}/key")!.Verify(token, Now));
    }

    [Fact]
    public void Without_the_private_key_tokens_are_only_looked_at()
    {
        var token = JwtTokens.Of(Rsa)!.Sign(new Access("reader", 7), Now);
        var tokens = JwtTokens.Of($"jwt,sign-method=RS256,pub-key={_folder}/pub")!;
        Assert.Equal(new Access("reader", 7), tokens.Verify(token, Now));
        Assert.Contains("verify-only", Assert.Throws<EtcdException>(() => tokens.Sign(default, Now)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("jwt")]
    [InlineData("other")]
    [InlineData("jwt,sign-method=RS256")]
    [InlineData("jwt,sign-method=XX256,priv-key={0}/key")]
    [InlineData("jwt,sign-method=RS256,priv-key={0}/key,ttl=soon")]
    [InlineData("jwt,sign-method=RS256,priv-key={0}/key,more=1")]
    public void Options_that_are_none_are_refused(string option) => Assert.Throws<ArgumentException>(
        () => JwtTokens.Of(option.Replace("{0}", _folder, StringComparison.Ordinal)));

    private static async Task<string> TokenAsync(string endpoint)
    {
        var answer = await PostAsync(endpoint, "auth/authenticate", "{\"name\":\"reader\",\"password\":\"pw\"}", null);
        return answer.Split("\"token\":\"")[1].Split('"')[0];
    }

    private static async Task<string> PostAsync(string endpoint, string path, string body, string? token)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, $"http://{endpoint}/v3/{path}") { Content = new StringContent(body) };
        if (token is not null)
            request.Headers.TryAddWithoutValidation("Authorization", token);
        using var response = await http.SendAsync(request);
        return await response.Content.ReadAsStringAsync();
    }
}
