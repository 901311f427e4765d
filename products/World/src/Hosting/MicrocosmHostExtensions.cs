using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Microcosm;

/// <summary>Puts a world beside an application: it starts and stops with the host, which finds it in its configuration.</summary>
public static class MicrocosmHostExtensions
{
    /// <summary>
    /// Adds a world that starts before the host's own services and stops after them. Its connection strings are in the configuration at
    /// once, as <c>ConnectionStrings:redis</c>, and replace those of the same name. The <see cref="World"/> is a service, for its clock and
    /// faults. <c>builder.AddMicrocosm(w =&gt; w.AddRedis());</c>
    /// </summary>
    public static TBuilder AddMicrocosm<TBuilder>(this TBuilder builder, Action<WorldBuilder> configure)
        where TBuilder : IHostApplicationBuilder
    {
        var world = World.Prepare(configure);
        builder.Configuration.AddMicrocosm(world);
        AddWorld(builder.Services, world);
        return builder;
    }

    /// <summary>The same for the older kind of host builder.</summary>
    public static IHostBuilder AddMicrocosm(this IHostBuilder builder, Action<WorldBuilder> configure)
    {
        var world = World.Prepare(configure);
        return builder
            .ConfigureAppConfiguration((_, configuration) => configuration.AddMicrocosm(world))
            .ConfigureServices((_, services) => AddWorld(services, world));
    }

    /// <summary>Adds the connection strings of a world that somebody else starts and stops, a test for instance.</summary>
    public static IConfigurationBuilder AddMicrocosm(this IConfigurationBuilder configuration, World world) =>
        configuration.AddInMemoryCollection(world.Systems.Select(s =>
            KeyValuePair.Create<string, string?>($"ConnectionStrings:{s.Name}", s.ConnectionString)));

    private static void AddWorld(IServiceCollection services, World world)
    {
        // By a factory: then the container disposes the world even where the host never stops in order.
        services.AddSingleton(_ => world);
        services.AddHostedService<HostedWorld>();
    }
}
