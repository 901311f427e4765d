using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Microcosm.Http.Tests;

/// <summary>.NET's own clients, over real sockets and the event loop.</summary>
public sealed class TlsHttpTests : TlsTest
{
    [Theory]
    [InlineData("2.0", "TLSv1.3 h2 . NONE")]
    [InlineData("1.1", "TLSv1.3  . NONE")]
    public async Task HttpClient_is_answered(string version, string handshake)
    {
        await using var server = await TlsHttpServer.StartAsync();
        using var client = NewClient(version);
        var response = await client.GetAsync($"https://localhost:{server.Port}/hello");
        Assert.Equal("/hello", await response.Content.ReadAsStringAsync());
        Assert.Equal(new Version(version), response.Version);
        Assert.Equal([handshake], server.Handshakes);
    }

    [Theory]
    [InlineData("2.0")]
    [InlineData("1.1")]
    public async Task Large_bodies_go_both_ways(string version)
    {
        await using var server = await TlsHttpServer.StartAsync();
        using var client = NewClient(version);
        var body = await client.GetByteArrayAsync($"https://localhost:{server.Port}/zeros/5000000");
        Assert.Equal(5_000_000, body.Length);
        Assert.DoesNotContain(body, b => b != 0);
        using var content = new ByteArrayContent(Bytes(5_000_000));
        var response = await client.PostAsync($"https://localhost:{server.Port}/", content);
        Assert.Equal("5000000 bytes", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Many_requests_share_a_connection()
    {
        await using var server = await TlsHttpServer.StartAsync();
        using var client = NewClient("2.0");
        var answers = await Task.WhenAll(Enumerable.Range(0, 500)
            .Select(i => client.GetStringAsync($"https://localhost:{server.Port}/{i}")));
        Assert.Equal(Enumerable.Range(0, 500).Select(i => $"/{i}"), answers);
        Assert.Single(server.Handshakes);
    }

    [Fact]
    public async Task A_request_without_TLS_is_told_so()
    {
        await using var server = await TlsHttpServer.StartAsync();
        using var client = new HttpClient();
        var response = await client.GetAsync($"http://localhost:{server.Port}/");
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("The plain HTTP request was sent to HTTPS port", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task HttpClient_trusts_nobody_it_does_not_know()
    {
        await using var server = await TlsHttpServer.StartAsync();
        using var client = new HttpClient();
        var error = await Assert.ThrowsAsync<HttpRequestException>(() => client.GetStringAsync($"https://localhost:{server.Port}/"));
        Assert.IsType<AuthenticationException>(error.InnerException);
    }

    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public async Task SslStream_with_a_certificate_is_known(SslProtocols protocols)
    {
        await using var server = await TlsHttpServer.StartAsync(o => o with
        {
            ClientVerification = TlsClientVerification.On, ClientAuthorities = TestAuthority.Default.File,
        });
        using var socket = new TcpClient("localhost", server.Port);
        await using var stream = new SslStream(socket.GetStream(), false, (_, _, _, _) => true);
        await stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "localhost", EnabledSslProtocols = protocols, ClientCertificates = [Import(TestAuthority.Default.Issue("client"))],
        });
        await stream.WriteAsync("GET /ssl HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"u8.ToArray());
        var answer = await new StreamReader(stream).ReadToEndAsync();
        Assert.EndsWith("\r\n\r\n/ssl", answer);
        Assert.Equal([$"TLSv1.{(protocols == SslProtocols.Tls12 ? 2 : 3)}  . SUCCESS"], server.Handshakes);
    }

    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public async Task Our_client_talks_to_SslStream(SslProtocols protocols)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var echo = EchoAsync(listener, protocols);
        await using var network = new LoopHttpNetwork(1, TimeProvider.System);
        var context = TlsPair.NewClient(o => o with { Verifies = true, TrustedAuthorities = TestAuthority.Default.File });
        var message = Bytes(300_000);
        var answer = await TlsEcho.AskAsync(network.Workers[0], (IPEndPoint)listener.LocalEndpoint, context, message);
        Assert.Equal(message, answer);
        await echo;
    }

    private static async Task EchoAsync(TcpListener listener, SslProtocols protocols)
    {
        using var socket = await listener.AcceptTcpClientAsync();
        await using var stream = new SslStream(socket.GetStream());
        await stream.AuthenticateAsServerAsync(new SslServerAuthenticationOptions
        {
            ServerCertificate = Import(TestAuthority.Localhost), EnabledSslProtocols = protocols,
        });
        await stream.CopyToAsync(stream);
        await stream.ShutdownAsync();
    }

    private static X509Certificate2 Import(TlsCertificate certificate) => X509Certificate2.CreateFromPem(
        Encoding.ASCII.GetString(certificate.Chain.Bytes.Span), Encoding.ASCII.GetString(certificate.Key.Bytes.Span));

    private static HttpClient NewClient(string version) =>
        new(new SocketsHttpHandler { SslOptions = { RemoteCertificateValidationCallback = (_, _, _, _) => true } })
        {
            DefaultRequestVersion = new Version(version), DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
}
