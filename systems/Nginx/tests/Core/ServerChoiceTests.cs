using System.Text;

namespace Microcosm.Nginx.Tests;

public class ServerChoiceTests
{
    private const string Servers = """
        server { listen 80; server_name first; }
        server { listen 80 default_server; server_name default.example; }
        server { listen 80; server_name exact.example www.exact.example; }
        server { listen 80; server_name *.wild.example; }
        server { listen 80; server_name *.deep.wild.example; }
        server { listen 80; server_name mail.*; }
        server { listen 80; server_name .dot.example; }
        server { listen 80; server_name ~^(?<sub>[^.]+)\.regex\.example$; }
        server { listen 80; server_name ~regex; }
        server { listen 80; server_name ""; }
        server { listen 81; server_name other; }
        """;

    [Theory]
    [InlineData("first", "first")]
    [InlineData("exact.example", "exact.example")]
    [InlineData("www.exact.example", "exact.example")]
    [InlineData("a.wild.example", "*.wild.example")]
    [InlineData("a.b.wild.example", "*.wild.example")]
    [InlineData("x.deep.wild.example", "*.deep.wild.example")]
    [InlineData("wild.example", "default.example")]
    [InlineData("mail.anything.at.all", "mail.*")]
    [InlineData("mail.wild.example", "*.wild.example")]
    [InlineData("dot.example", "dot.example")]
    [InlineData("a.b.dot.example", "dot.example")]
    [InlineData("x.regex.example", "~^(?<sub>[^.]+)\\.regex\\.example$")]
    [InlineData("a.b.regex.example", "~regex")]
    [InlineData("", "")]
    [InlineData("nothing.known", "default.example")]
    public void A_server_is_chosen_by_host(string host, string name)
    {
        var http = Conf.Http(Servers);
        var listen = http.Listens.Single(l => l.Address.Port == 80);
        Assert.Equal(name, listen.Find(Encoding.ASCII.GetBytes(host), Conf.Request(http.Variables)).Name);
    }

    [Fact]
    public void The_first_server_is_the_default_unless_another_says_so()
    {
        var http = Conf.Http(Servers);
        Assert.Equal("default.example", http.Listens.Single(l => l.Address.Port == 80).DefaultServer.Name);
        Assert.Equal("other", http.Listens.Single(l => l.Address.Port == 81).DefaultServer.Name);
    }

    [Fact]
    public void A_servers_pattern_sets_variables()
    {
        var http = Conf.Http(Servers + "server { listen 82; return 200 $sub; }");
        var values = Conf.Request(http.Variables);
        http.Listens.Single(l => l.Address.Port == 80).Find("x.regex.example"u8, values);
        Assert.Equal("x", Conf.Text(values.Get(http.Variables.All.First(v => v.Name == "sub"))));
    }

    [Fact]
    public void A_server_without_listen_listens_on_80() =>
        Assert.Equal("0.0.0.0:80", Conf.Http("server { }").Listens.Single().Address.ToString());

    [Fact]
    public void What_servers_say_of_one_address_adds_up()
    {
        var http = Conf.Http("server { listen 80 proxy_protocol backlog=7; } server { listen 80; server_name b; }");
        var options = http.Listens.Single().Options;
        Assert.True(options.IsProxyProtocol);
        Assert.Equal(7, options.Backlog);
    }

    [Fact]
    public void Stream_servers_are_chosen_by_name_too()
    {
        var stream = Conf.Load("""
            events {} stream {
                server { listen 1; server_name a; return a; }
                server { listen 1; server_name *.b; return b; }
            }
            """).Stream!;
        var values = Conf.Request(stream.Variables);
        var content = Assert.IsType<StreamContent.Return>(stream.Listens.Single().Find("x.b"u8, values).Content);
        Assert.Equal("b", Conf.Text(content.Text.Evaluate(values)));
    }
}
