using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using Microcosm.Http;

namespace Microcosm.Nginx.Tests;

/// <summary>Requests over TLS: which certificate, which server, who may ask.</summary>
public sealed class TlsServingTests
{
    private static readonly TestCertificate One = new("one.test");
    private static readonly TestCertificate Two = new("two.test");
    private static readonly TestCertificate Client = new("client", One);

    private static readonly (string, string)[] Files =
    [
        ("one.crt", One.Pem), ("one.key", One.KeyPem), ("two.crt", Two.Pem), ("two.key", Two.EncryptedKeyPem("secret")),
        ("passwords", "wrong\nsecret\n"), ("one.test.crt", One.Pem), ("one.test.key", One.KeyPem),
    ];

    private const string OneServer =
        "listen 127.0.0.1:PORT ssl; server_name one.test; ssl_certificate one.crt; ssl_certificate_key one.key;";

    private const string TwoServer =
        "listen 127.0.0.1:PORT ssl; server_name two.test; ssl_certificate two.crt; ssl_certificate_key two.key; "
        + "ssl_password_file passwords;";

    [Fact]
    public async Task The_name_that_TLS_is_told_chooses_certificate_and_server()
    {
        await using var nginx = await StartAsync(
            $"server {{ {OneServer} return 200 one; }} server {{ {TwoServer} return 200 \"two $ssl_server_name $scheme\"; }}");
        var (subject, answer) = await AskAsync(nginx, "two.test", "two.test");
        Assert.Equal("CN=two.test", subject);
        Assert.EndsWith("two two.test https", answer);
        (subject, answer) = await AskAsync(nginx, "other.test", "other.test");
        Assert.Equal("CN=one.test", subject);
        Assert.EndsWith("one", answer);
        Assert.EndsWith("one", (await AskAsync(nginx, "two.test", "one.test")).Answer);
    }

    [Fact]
    public async Task A_request_without_TLS_is_told_so()
    {
        await using var nginx = await StartAsync(
            $"server {{ {OneServer} error_page 497 =200 /plain; location /plain {{ return 200 $scheme; }} }}");
        Assert.EndsWith("http", await nginx.GetAsync("/"));
        await using var bare = await StartAsync($"server {{ {OneServer} }}");
        var answer = await bare.GetAsync("/");
        Assert.StartsWith("HTTP/1.1 400 Bad Request\r\n", answer);
        Assert.Contains("The plain HTTP request was sent to HTTPS port", answer);
    }

    [Fact]
    public async Task Clients_show_certificates_where_they_have_to()
    {
        await using var nginx = await StartAsync(
            $"server {{ {OneServer} ssl_verify_client on; ssl_client_certificate one.crt; "
            + "return 200 \"$ssl_client_verify $ssl_client_s_dn\"; }"
            + $"server {{ {TwoServer} return 200 two; }}");
        Assert.Contains("No required SSL certificate was sent", (await AskAsync(nginx, "one.test", "one.test")).Answer);
        Assert.EndsWith("SUCCESS CN=client", (await AskAsync(nginx, "one.test", "one.test", Client)).Answer);
        Assert.Contains("The SSL certificate error", (await AskAsync(nginx, "one.test", "one.test", Two)).Answer);
        // Who named another server in the handshake was asked for no certificate.
        Assert.StartsWith("HTTP/1.1 421 ", (await AskAsync(nginx, "two.test", "one.test", Client)).Answer);
    }

    [Fact]
    public async Task A_server_may_refuse_handshakes()
    {
        await using var nginx = await StartAsync(
            $"server {{ {OneServer} }} server {{ listen 127.0.0.1:PORT ssl; server_name two.test; ssl_reject_handshake on; }}");
        await Assert.ThrowsAnyAsync<Exception>(() => AskAsync(nginx, "two.test", "two.test"));
        Assert.StartsWith("HTTP/1.1 404 ", (await AskAsync(nginx, "one.test", "one.test")).Answer);
    }

    [Fact]
    public async Task Names_of_certificates_may_have_variables()
    {
        await using var nginx = await StartAsync(
            "server { listen 127.0.0.1:PORT ssl; ssl_certificate $ssl_server_name.crt; ssl_certificate_key $ssl_server_name.key; "
            + "return 200 ok; }");
        Assert.EndsWith("ok", (await AskAsync(nginx, "one.test", "one.test")).Answer);
        await Assert.ThrowsAnyAsync<Exception>(() => AskAsync(nginx, "none.test", "none.test"));
        var lines = await nginx.LogAsync("error.log", 1);
        Assert.Contains("cannot load certificate \"", lines[0]);
        Assert.Contains("none.test.crt\": BIO_new_file() failed", lines[0]);
        Assert.Contains(" while SSL handshaking, client: 127.0.0.1, server: 127.0.0.1:", lines[0]);
    }

    [Fact]
    public async Task The_version_of_HTTP_is_what_ALPN_says()
    {
        await using var nginx = await StartAsync($"http2 on; server {{ {OneServer} }} server {{ {TwoServer} http2 off; }}");
        Assert.Equal("h2", await AgreedAsync(nginx, "one.test"));
        Assert.Equal("http/1.1", await AgreedAsync(nginx, "two.test"));
    }

    [Fact]
    public async Task Sessions_are_taken_up_again_after_a_reload()
    {
        var servers = $"ssl_session_cache shared:TLS:1m; ssl_session_tickets off; server {{ {OneServer} return 200 $ssl_session_reused; }}";
        await using var nginx = await StartAsync(servers);
        Assert.EndsWith(".", (await AskAsync(nginx, "one.test", "one.test")).Answer);
        await nginx.ReloadWholeAsync(servers);
        Assert.EndsWith("r", (await AskAsync(nginx, "one.test", "one.test")).Answer);
    }

    [Theory]
    [InlineData("ssl_certificate nx.crt; ssl_certificate_key one.key;", "cannot load certificate \"FOLDERnx.crt\": BIO_new_file() failed "
        + "(SSL: error:80000002:system library::No such file or directory:calling fopen(FOLDERnx.crt, r) "
        + "error:10000080:BIO routines::no such file)")]
    [InlineData("ssl_certificate one.crt; ssl_certificate_key two.key; ssl_password_file passwords;",
        "SSL_CTX_use_PrivateKey(\"FOLDERtwo.key\") failed (SSL: error:05800074:x509 certificate routines::key values mismatch)")]
    [InlineData("ssl_certificate one.crt; ssl_certificate_key one.key; ssl_session_ticket_key one.key;",
        "\"FOLDERone.key\" must be 48 or 80 bytes")]
    [InlineData("ssl_certificate one.crt; ssl_certificate_key engine:a:b;",
        "cannot load certificate key \"engine:a:b\": loading \"engine:...\" certificate keys is not supported")]
    public void What_cannot_be_loaded_is_told_as_nginx_tells_it(string directives, string message)
    {
        if (!OpenSsl.IsSupported)
            Assert.Skip("TLS needs OpenSSL 3.");
        var files = new MemoryFiles();
        foreach (var (name, content) in Files)
            files[$"/conf/{name}"] = content;
        var http = Conf.Load($"events {{}} http {{ server {{ listen 8443 ssl; {directives} }} }}", files).Http!;
        var error = Assert.Throws<ConfigurationException>(() => new TlsServers(TlsModule.Http, http.Servers.Select(s => s.Level),
            new CertificateFiles(files, new ConfigurationPaths("/prefix/", Conf.MainFile)), new TlsCaches(TimeProvider.System)));
        Assert.Equal(message.Replace("FOLDER", "/conf/"), error.Message);
    }

    private static Task<RunningNginx> StartAsync(string http)
    {
        if (!OpenSsl.IsSupported)
            Assert.Skip("TLS needs OpenSSL 3.");
        return RunningNginx.StartWholeAsync(http, Files);
    }

    private static async Task<(string Subject, string Answer)> AskAsync(
        RunningNginx nginx, string name, string host, TestCertificate? certificate = null)
    {
        using var socket = await nginx.ConnectAsync();
        await using var tls = await OpenAsync(socket, name, certificate, []);
        await tls.WriteAsync(Encoding.ASCII.GetBytes($"GET / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"));
        using var reader = new StreamReader(tls, Encoding.Latin1);
        return (tls.RemoteCertificate!.Subject, await reader.ReadToEndAsync());
    }

    private static async Task<string> AgreedAsync(RunningNginx nginx, string name)
    {
        using var socket = await nginx.ConnectAsync();
        await using var tls = await OpenAsync(socket, name, null, [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11]);
        return tls.NegotiatedApplicationProtocol.ToString();
    }

    private static async Task<SslStream> OpenAsync(
        Socket socket, string name, TestCertificate? certificate, List<SslApplicationProtocol> protocols)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var tls = new SslStream(new NetworkStream(socket));
        await tls.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions
            {
                TargetHost = name, ApplicationProtocols = protocols, RemoteCertificateValidationCallback = (_, _, _, _) => true,
                ClientCertificates = certificate is null ? [] : [certificate.Certificate],
                EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
                LocalCertificateSelectionCallback = certificate is null ? null! : (_, _, _, _, _) => certificate.Certificate,
            },
            patience.Token);
        return tls;
    }
}
