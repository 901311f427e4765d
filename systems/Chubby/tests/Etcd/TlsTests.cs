using System.Security.Cryptography.X509Certificates;
using Microcosm.Chubby.Etcd;

namespace Microcosm.Chubby.Tests.Etcd;

/// <summary>TLS and clients' certificates: etcdctl sees the same of us and of a real etcd.</summary>
public sealed class TlsTests : IDisposable
{
    private readonly CertificateFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public async Task Clients_that_know_the_authority_are_served_and_others_are_not()
    {
        await using var real = await RealEtcd.StartAsync(
            "", "https", "--cert-file", _files.Certificate("server"), "--key-file", _files.Key("server"));
        await using var world = await StartAsync(o => { });
        await CompareAsync(real, world, "https://",
            [$"{_files.Flags("")} put a 1", $"{_files.Flags("")} get a", "put a 2",
             "--insecure-skip-tls-verify put a 3", $"{_files.Flags("")} get a -w json"]);
        await CompareAsync(real, world, "http://", ["put a 4"]);
    }

    [Fact]
    public async Task A_clients_certificate_says_which_user_it_is()
    {
        foreach (var name in new[] { "root", "reader", "nobody" })
            _files.MakeClient(name);
        using var others = new CertificateFiles();
        others.MakeClient("root");
        await using var real = await RealEtcd.StartAsync("", "https", "--cert-file", _files.Certificate("server"), "--key-file",
            _files.Key("server"), "--client-cert-auth", "--trusted-ca-file", _files.Authority);
        await using var world = await StartAsync(o => (o.ClientCertAuth, o.TrustedCaFile) = (true, _files.Authority));
        var root = _files.Flags("root");
        var stranger = $"--cacert={_files.Authority} --cert={others.Certificate("root")} --key={others.Key("root")}";
        await CompareAsync(real, world, "https://",
        [
            $"{root} put a 1", $"{_files.Flags("")} put a 2", $"{stranger} put a 3",
            $"{root} user add root:pw", $"{root} user add reader --no-password", $"{root} role add r", $"{root} user grant-role root root",
            $"{root} role grant-permission r read a", $"{root} user grant-role reader r", $"{root} auth enable",
            $"{root} put a 4", $"{_files.Flags("reader")} get a", $"{_files.Flags("reader")} put a 5", $"{_files.Flags("nobody")} get a",
            $"{_files.Flags("nobody")} --user=root:pw get a", $"{root} user list", $"{_files.Flags("reader")} user list",
        ]);
    }

    [Fact]
    public async Task Plain_HTTP_runs_over_TLS_too()
    {
        await using var world = await StartAsync(o => { });
        await world.System("etcd").PingAsync();
        using var handler = new SocketsHttpHandler();
        using var authority = X509CertificateLoader.LoadCertificateFromFile(_files.Authority);
        handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust, CustomTrustStore = { authority }, RevocationMode = X509RevocationMode.NoCheck,
        };
        using var http = new HttpClient(handler);
        var url = world.System("etcd").ConnectionString;
        Assert.StartsWith("https://", url, StringComparison.Ordinal);
        foreach (var version in new[] { new Version(1, 1), new Version(2, 0) })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, url + "/health")
            {
                Version = version, VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            };
            using var response = await http.SendAsync(request);
            Assert.Equal("{\"health\":\"true\"}", await response.Content.ReadAsStringAsync());
        }
    }

    [Fact]
    public async Task Flags_that_do_not_go_together_end_the_start()
    {
        var failure = await Assert.ThrowsAnyAsync<Exception>(
            () => World.StartAsync(w => w.AddEtcd(o => o.CertFile = _files.Certificate("server"))));
        Assert.Contains("KeyFile and CertFile must both be present", failure.ToString(), StringComparison.Ordinal);
        failure = await Assert.ThrowsAnyAsync<Exception>(() => World.StartAsync(w => w.AddEtcd(o => o.ClientCertAuth = true)));
        Assert.Contains("need cert-file and key-file", failure.ToString(), StringComparison.Ordinal);
    }

    private static async Task CompareAsync(RealEtcd real, World world, string scheme, string[] commands)
    {
        var (ours, theirs) = (new EtcdctlLine(scheme, world.System("etcd").Endpoints[0]), new EtcdctlLine(scheme, real.Endpoint));
        foreach (var command in commands)
            Assert.Equal((command, await theirs.RunAsync(command)), (command, await ours.RunAsync(command)));
    }

    private Task<World> StartAsync(Action<EtcdOptions> configure) => World.StartAsync(w => w.AddEtcd(o =>
    {
        (o.CertFile, o.KeyFile) = (_files.Certificate("server"), _files.Key("server"));
        configure(o);
    }));
}
