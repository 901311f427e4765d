using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;

namespace Microcosm.Cli.Tests;

/// <summary>How a world comes up and goes down.</summary>
public sealed class UpTests
{
    [Fact]
    public async Task The_ready_file_names_endpoints_that_answer()
    {
        await using var up = await CosmUp.StartAsync();
        var ready = JsonNode.Parse(await File.ReadAllTextAsync(up.ReadyFile))!;
        var redis = Assert.Single(ready.AsObject());
        Assert.Equal("redis", redis.Key);
        var endpoint = (string)Assert.Single(redis.Value!["endpoints"]!.AsArray())!;
        Assert.Equal("+PONG", await RedisLine.AskAsync(IPEndPoint.Parse(endpoint), "PING"));
        Assert.Equal(endpoint, (string)redis.Value["connection"]!);
    }

    [Fact]
    public async Task A_cell_comes_with_its_etcd_face_and_as_many_members()
    {
        await using var up = await CosmUp.StartAsync("redis", "chubby", "--memory", "--set", "chubby.replicas=3");
        var ready = JsonNode.Parse(await File.ReadAllTextAsync(up.ReadyFile))!;
        Assert.Equal((3, 3), (ready["chubby"]!["endpoints"]!.AsArray().Count, ready["etcd"]!["endpoints"]!.AsArray().Count));
    }

    [Fact]
    public async Task An_external_system_stands_in_the_place_of_ours()
    {
        await using var real = await CosmUp.StartAsync("redis", "kafka", "--memory");
        var cluster = (string)real.Said["systems"]!["kafka"]!["connection"]!;
        await using var up = await CosmUp.StartAsync("--external", $"kafka={cluster}");
        Assert.Equal(["kafka", "redis"], up.Said["systems"]!.AsObject().Select(s => s.Key));
        Assert.NotEqual(cluster, (string)up.Said["systems"]!["kafka"]!["connection"]!);
        Assert.Equal(["kafka-proxy", "redis-1"], (await up.AskAsync("ps"))["nodes"]!.AsArray().Select(n => (string)n!["name"]!));
        Assert.Equal(cluster, (string)(await up.AskAsync("inside", "kafka-proxy"))["bootstrap"]!);
    }

    [Fact]
    public async Task An_external_system_that_cannot_be_reached_ends_with_1_and_says_why()
    {
        using var nobody = new TcpListener(IPAddress.Loopback, 0);
        nobody.Start();
        var at = $"{nobody.LocalEndpoint}";
        nobody.Stop();
        var run = await Cosm.RunAsync("up", "redis", "--ports", "auto", "--control-port", "0", "--external", $"kafka={at}");
        Assert.Equal((1, "", $"cosm: No external Kafka at {at}: {at}: Connection refused\n"), (run.ExitCode, run.Text, run.Errors));
    }

    [Fact]
    public async Task Options_are_set_by_the_peers_own_names()
    {
        await using var up = await CosmUp.StartAsync("redis", "--set", "redis.maxmemory=100mb", "--set", "redis.requirepass=secret");
        using var client = new RedisLine(up.Redis);
        Assert.Equal("-NOAUTH Authentication required.", await client.AskAsync("GET k"));
        Assert.Equal("+OK", await client.AskAsync("AUTH secret"));
        await client.SendAsync("CONFIG GET maxmemory");
        foreach (var line in (string[])["*2", "$9", "maxmemory", "$9", "104857600"])
            Assert.Equal(line, await client.ReadAsync());
    }

    [Fact]
    public async Task A_taken_usual_port_is_said_and_a_free_one_is_used()
    {
        using var taken = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            taken.Bind(new IPEndPoint(IPAddress.Loopback, 6379));
            taken.Listen();
        }
        catch (SocketException)
        {
            // Taken by somebody else: as good.
        }
        var command = Cosm.Command("up", "redis", "--control-port", "0");
        using var process = System.Diagnostics.Process.Start(command)!;
        try
        {
            var redis = (await process.StandardOutput.ReadLineAsync())!;
            var fallback = (await process.StandardOutput.ReadLineAsync())!;
            var endpoint = IPEndPoint.Parse(redis["redis".Length..].Trim());
            Assert.NotEqual(6379, endpoint.Port);
            Assert.Equal($"port 6379 is taken: redis-1 listens on {endpoint.Port} instead", fallback.Trim());
            Assert.Equal("+PONG", await RedisLine.AskAsync(endpoint, "PING"));
        }
        finally
        {
            process.Kill();
        }
    }

    [Fact]
    public async Task A_taken_control_port_is_said_and_the_world_runs()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        await using var up = await CosmUp.StartAsync("--control-port", $"{port}");
        Assert.Null(up.Said["control"]);
        Assert.Equal("+PONG", await RedisLine.AskAsync(up.Redis, "PING"));
        await up.TerminateAsync();
        Assert.Equal(0, await up.ExitCodeAsync());
        Assert.Equal($"cosm: port {port} is taken: this world cannot be steered; --control-port 0 takes a free one\n", up.Errors);
    }

    [Fact]
    public async Task A_terminated_world_ends_with_0_and_its_folder_keeps_everything()
    {
        var folder = Directory.CreateTempSubdirectory("microcosm-cli").FullName;
        for (var round = 1; round <= 2; round++)
        {
            await using var up = await CosmUp.StartAsync("--data", folder, "--set", "redis.appendonly=yes");
            Assert.Equal($":{round}", await RedisLine.AskAsync(up.Redis, "INCR rounds"));
            await up.TerminateAsync();
            Assert.Equal(0, await up.ExitCodeAsync());
        }
        Directory.Delete(folder, recursive: true);
    }
}
