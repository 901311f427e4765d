using System.Net;

namespace Microcosm.Cli.Tests;

/// <summary>nginx as the command starts, steers and shows it.</summary>
public sealed class NginxTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("microcosm-cli-nginx").FullName;

    private string Conf => Path.Combine(_folder, "nginx.conf");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_configuration_of_a_file_is_served_reloaded_broken_and_looked_into()
    {
        Write("first");
        await using var up = await CosmUp.StartAsync("nginx", "--set", $"nginx.conf={Conf}");
        using var client = new HttpClient { BaseAddress = new Uri((string)up.Said["systems"]!["nginx"]!["connection"]!) };
        var cancellation = TestContext.Current.CancellationToken;
        Assert.Equal("first", await client.GetStringAsync("/", cancellation));
        Assert.Equal("a page", await client.GetStringAsync("/page", cancellation));
        Write("second");
        await up.AskAsync("node", "reload", "nginx-1");
        Assert.Equal("second", await client.GetStringAsync("/", cancellation));
        await File.WriteAllTextAsync(Conf, "events { } http { nonsense; }", cancellation);
        var refused = await up.RunAsync("node", "reload", "nginx-1");
        Assert.Equal((1, $"cosm: nginx: [emerg] unknown directive \"nonsense\" in {Conf}:1\n"), (refused.ExitCode, refused.Errors));
        Assert.Equal("nginx.nonsense", (string)Assert.Single((await up.AskAsync("unserved")).AsArray())!["operation"]!);
        await up.AskAsync("fault", "add", "nginx.request location=/page refuse=503");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await client.GetAsync("/page", cancellation)).StatusCode);
        Assert.Equal("second", await client.GetStringAsync("/", cancellation));
        var locations = (await up.AskAsync("inside", "nginx-1", "locations"))["locations"]!.AsArray();
        Assert.Equal("1", Assert.Single(locations, l => (string)l!["location"]! == "/page")!["status5xx"]!.ToString());
        Assert.Contains("connections.requests", (await up.RunAsync("inside", "nginx-1")).Text);
    }

    [Fact]
    public async Task A_configuration_that_nginx_refuses_keeps_the_world_from_starting()
    {
        await File.WriteAllTextAsync(Conf, "events { } http { server { listen 80 } }", TestContext.Current.CancellationToken);
        var run = await Cosm.RunAsync("up", "nginx", "--ports", "auto", "--control-port", "0", "--set", $"nginx.conf={Conf}");
        Assert.Equal((1, $"cosm: nginx: [emerg] unexpected \"}}\" in {Conf}:1\n"), (run.ExitCode, run.Errors));
        run = await Cosm.RunAsync("up", "nginx", "--set", "nginx.port=80");
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("nginx has no option 'port'", run.Errors);
    }

    [Fact]
    public async Task Only_what_has_a_configuration_is_reloaded()
    {
        await using var up = await CosmUp.StartAsync();
        var run = await up.RunAsync("node", "reload", "redis-1");
        Assert.Equal((1, "cosm: redis-1 has no configuration that it reads while it serves\n"), (run.ExitCode, run.Errors));
    }

    private void Write(string greeting)
    {
        File.WriteAllText(Path.Combine(_folder, "page"), "a page");
        File.WriteAllText(Conf, "events { } http { server { listen 8080; location = / { return 200 " + greeting + "; } "
            + $"location /page {{ root {_folder}; }} }} }}");
    }
}
