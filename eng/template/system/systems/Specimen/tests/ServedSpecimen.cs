namespace Microcosm.Specimen.Tests;

/// <summary>A world with one server, joined in memory.</summary>
internal sealed class ServedSpecimen(World world) : IAsyncDisposable
{
    public World World { get; } = world;

    public static async Task<ServedSpecimen> StartAsync(Action<SpecimenOptions>? configure = null) =>
        new(await World.StartAsync(
            w =>
            {
                w.AddSpecimen(configure);
                w.Options.Ports = PortPolicy.None;
            },
            TestContext.Current.CancellationToken));

    public async Task<LineConnection> ConnectAsync() =>
        new(await World.ConnectAsync(World.Node("specimen-1").Address, "test", TestContext.Current.CancellationToken));

    public ValueTask DisposeAsync() => World.DisposeAsync();
}
