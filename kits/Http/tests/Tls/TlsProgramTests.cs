using System.Diagnostics;
using System.Net;
using System.Text;

namespace Microcosm.Http.Tests;

/// <summary>OpenSSL's own programs.</summary>
public sealed class TlsProgramTests : TlsTest, IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("tls");

    public TlsProgramTests() => Assert.SkipUnless(
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(p => File.Exists(Path.Combine(p, "openssl"))),
        "needs openssl (Debian package openssl)");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("-tls1_2", "TLSv1.2")]
    [InlineData("-tls1_3", "TLSv1.3")]
    public async Task S_client_verifies_and_is_answered(string version, string protocol)
    {
        await using var server = await TlsHttpServer.StartAsync();
        var output = await RunAsync("GET /s_client HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
            "s_client", "-connect", $"127.0.0.1:{server.Port}", "-servername", "localhost", "-verify_return_error", "-verify_hostname",
            "localhost", "-CAfile", Write(TestAuthority.Default.File), "-alpn", "http/1.1", version, "-ign_eof");
        Assert.Contains("Verification: OK", output);
        Assert.Contains("ALPN protocol: http/1.1", output);
        Assert.Contains("\r\n\r\n/s_client", output);
        Assert.Equal([$"{protocol} http/1.1 . NONE"], server.Handshakes);
    }

    [Fact]
    public async Task S_client_takes_its_session_up_again()
    {
        await using var server = await TlsHttpServer.StartAsync();
        await RunAsync("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
            "s_client", "-connect", $"127.0.0.1:{server.Port}", "-tls1_2", "-reconnect");
        Assert.Equal(Enumerable.Repeat("TLSv1.2  r NONE", 5).Prepend("TLSv1.2  . NONE"), server.Handshakes);
    }

    [Fact]
    public async Task S_client_is_told_what_the_authority_says()
    {
        var (authority, key) = await NewAuthorityAsync();
        var leaf = await IssueAsync(authority, key);
        File.WriteAllText(At("index.txt"), "V\t490101000000Z\t\t01\tunknown\t/CN=localhost\n");
        await RunAsync("", "ocsp", "-index", At("index.txt"), "-rsigner", authority, "-rkey", key, "-CA", authority, "-issuer", authority,
            "-cert", At("leaf.pem"), "-respout", At("response.der"), "-noverify");
        await using var server = await TlsHttpServer.StartAsync(o => o with
        {
            Certificates = [leaf], OcspResponse = new TlsFile("response.der", File.ReadAllBytes(At("response.der"))),
        });
        var output = await RunAsync("", "s_client", "-connect", $"127.0.0.1:{server.Port}", "-status", "-CAfile", authority);
        Assert.Contains("OCSP Response Status: successful", output);
        Assert.Contains("Cert Status: good", output);
        Assert.Contains("Verification: OK", output);
    }

    [Theory]
    [InlineData("-tls1_2", "TLSv1.2")]
    [InlineData("-tls1_3", "TLSv1.3")]
    public async Task Our_client_is_answered_by_s_server(string version, string protocol)
    {
        var certificate = TestAuthority.Localhost;
        using var process = Start("s_server", "-accept", "127.0.0.1:0", "-cert", Write(certificate.Chain), "-key", Write(certificate.Key),
            version, "-rev", "-naccept", "2");
        var port = await PortOfAsync(process);
        await using var network = new LoopHttpNetwork(1, TimeProvider.System);
        var context = TlsPair.NewClient(o => o with { Verifies = true, TrustedAuthorities = TestAuthority.Default.File });
        var told = new List<string>();
        foreach (var (ask, answer) in ((string, string)[])[("stressed\n", "desserts\n"), ("drawer\n", "reward\n")])
        {
            Assert.Equal(answer, Encoding.ASCII.GetString(await TlsEcho.AskAsync(
                network.Workers[0], new IPEndPoint(IPAddress.Loopback, port), context, Encoding.ASCII.GetBytes(ask), told.Add)));
        }
        Assert.Equal([$"{protocol} . SUCCESS", $"{protocol} r SUCCESS"], told);
        await process.WaitForExitAsync();
    }

    private async Task<(string Certificate, string Key)> NewAuthorityAsync()
    {
        await RunAsync("", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", At("ca.key"), "-out", At("ca.pem"),
            "-subj", "/CN=ca", "-days", "30");
        return (At("ca.pem"), At("ca.key"));
    }

    private async Task<TlsCertificate> IssueAsync(string authority, string key)
    {
        await RunAsync("", "req", "-newkey", "rsa:2048", "-nodes", "-keyout", At("leaf.key"), "-out", At("leaf.csr"),
            "-subj", "/CN=localhost");
        await RunAsync("", "x509", "-req", "-in", At("leaf.csr"), "-CA", authority, "-CAkey", key, "-set_serial", "1", "-days", "30",
            "-out", At("leaf.pem"));
        return new TlsCertificate(
            new TlsFile("leaf.pem", File.ReadAllBytes(At("leaf.pem"))), new TlsFile("leaf.key", File.ReadAllBytes(At("leaf.key"))));
    }

    // It says "ACCEPT 127.0.0.1:port".
    private static async Task<int> PortOfAsync(Process process)
    {
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (!line.StartsWith("ACCEPT ", StringComparison.Ordinal))
                continue;
            _ = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
            return IPEndPoint.Parse(line["ACCEPT ".Length..]).Port;
        }
        throw new InvalidOperationException("openssl s_server did not listen");
    }

    private static Process Start(params string[] arguments) => Process.Start(new ProcessStartInfo("openssl", arguments)
    {
        RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
    })!;

    private static async Task<string> RunAsync(string input, params string[] arguments)
    {
        using var process = Start(arguments);
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, await errors);
        return output;
    }

    private string At(string name) => Path.Combine(_folder.FullName, name);

    private string Write(TlsFile file)
    {
        File.WriteAllBytes(At(file.Name), file.Bytes.ToArray());
        return At(file.Name);
    }
}
