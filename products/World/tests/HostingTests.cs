using System.Net.Sockets;
using Microcosm.Redis;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using StackExchange.Redis;

namespace Microcosm.Tests;

/// <summary>A world beside an application, started and stopped by its host.</summary>
public sealed class HostingTests
{
    [Fact]
    public async Task Services_find_the_world_in_their_configuration_when_they_start()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection([new("ConnectionStrings:redis", "redis.production:6379")]);
        // Registered before the world, and served by it all the same.
        builder.Services.AddHostedService<Greeter>();
        builder.AddMicrocosm(w => w.AddRedis());
        var connection = builder.Configuration.GetConnectionString("redis");
        Assert.NotEqual("redis.production:6379", connection);

        using var host = builder.Build();
        await host.StartAsync();
        var world = host.Services.GetRequiredService<World>();
        Assert.Equal(connection, world.System("redis").ConnectionString);
        await using (var client = await ConnectionMultiplexer.ConnectAsync(connection!))
            Assert.Equal("hello", await client.GetDatabase().StringGetAsync("greeting"));
        await host.StopAsync();
        Assert.True(host.Services.GetRequiredService<IEnumerable<IHostedService>>().OfType<Greeter>().Single().SaidGoodbye);
        Assert.True(IsRefused(world));
    }

    [Fact]
    public async Task The_older_host_builder_does_the_same()
    {
        using var host = new HostBuilder().AddMicrocosm(w => w.AddRedis()).ConfigureServices(s => s.AddHostedService<Greeter>()).Build();
        await host.StartAsync();
        var connection = host.Services.GetRequiredService<IConfiguration>().GetConnectionString("redis")!;
        await using (var client = await ConnectionMultiplexer.ConnectAsync(connection))
            Assert.Equal("hello", await client.GetDatabase().StringGetAsync("greeting"));
        await host.StopAsync();
    }

    [Fact]
    public async Task A_host_that_does_not_start_leaves_no_world_behind()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.AddMicrocosm(w => w.AddRedis());
        builder.Services.AddHostedService<Broken>();
        World world;
        using (var host = builder.Build())
        {
            world = host.Services.GetRequiredService<World>();
            await Assert.ThrowsAsync<InvalidOperationException>(() => host.StartAsync());
            Assert.False(IsRefused(world));
        }
        Assert.True(IsRefused(world));
    }

    [Fact]
    public async Task A_stopped_host_keeps_everything_in_its_folder()
    {
        var folder = Directory.CreateTempSubdirectory("microcosm").FullName;
        for (var round = 1; round <= 2; round++)
        {
            var builder = Host.CreateEmptyApplicationBuilder(null);
            builder.AddMicrocosm(w =>
            {
                w.AddRedis(o => o.AppendOnly = true);
                w.Options.DataFolder = folder;
            });
            using var host = builder.Build();
            await host.StartAsync();
            await using (var client = await ConnectionMultiplexer.ConnectAsync(builder.Configuration.GetConnectionString("redis")!))
                Assert.Equal(round, await client.GetDatabase().StringIncrementAsync("rounds"));
            await host.StopAsync();
        }
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task A_configuration_takes_the_connection_strings_of_a_running_world()
    {
        await using var world = await World.StartAsync(w => w.AddRedis());
        var configuration = new ConfigurationBuilder().AddMicrocosm(world).Build();
        Assert.Equal(world.System("redis").ConnectionString, configuration.GetConnectionString("redis"));
    }

    private static bool IsRefused(World world)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Connect(world.Node("redis-1").Socket!);
            return false;
        }
        catch (SocketException)
        {
            return true;
        }
    }

    // Talks to Redis when it starts, and once more when it stops.
    private sealed class Greeter(IConfiguration configuration) : IHostedService
    {
        public bool SaidGoodbye { get; private set; }

        public async Task StartAsync(CancellationToken cancellationToken) => await SetAsync("hello");

        public async Task StopAsync(CancellationToken cancellationToken)
        {
            await SetAsync("goodbye");
            SaidGoodbye = true;
        }

        private async Task SetAsync(string greeting)
        {
            await using var client = await ConnectionMultiplexer.ConnectAsync(configuration.GetConnectionString("redis")!);
            await client.GetDatabase().StringSetAsync("greeting", greeting);
        }
    }

    private sealed class Broken : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => throw new InvalidOperationException("broken");

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
