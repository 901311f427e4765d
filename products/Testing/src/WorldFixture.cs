namespace Microcosm.Testing;

/// <summary>
/// A world for the tests of a class. Derive, say what is in it, and take it as a class fixture, or derive the tests from
/// <see cref="SharedWorldTests{TFixture}"/> or <see cref="OwnWorldTests{TFixture}"/>:
/// <c>public sealed class Shop : WorldFixture { protected override void Configure(WorldBuilder world) =&gt; world.AddRedis(); }</c>
/// </summary>
public abstract class WorldFixture : IAsyncLifetime
{
    private World? _world;

    /// <summary>The world, once the fixture was initialized. Throws <see cref="InvalidOperationException"/> before.</summary>
    public World World => _world ?? throw new InvalidOperationException($"The world of {GetType().Name} has not started yet");

    /// <summary>What a client library takes to connect to a system. Throws <see cref="KeyNotFoundException"/>.</summary>
    public string ConnectionString(string system) => World.System(system).ConnectionString;

    /// <summary>Brings the world back to how it started: empty disks, running nodes, no faults, real time; the same ports.</summary>
    public virtual Task ResetAsync() => World.ResetAsync();

    /// <inheritdoc/>
    public virtual async ValueTask InitializeAsync() => _world = await World.StartAsync(Configure);

    /// <inheritdoc/>
    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_world is not null)
            await _world.DisposeAsync();
    }

    /// <summary>Adds the systems and sets the options.</summary>
    protected abstract void Configure(WorldBuilder world);

    /// <summary>Tells of the test that just failed: the world's seed, what fired, what its nodes logged.</summary>
    internal void ReportIfFailed()
    {
        if (_world is not null && TestContext.Current.TestState?.Result == TestResult.Failed)
            TestContext.Current.TestOutputHelper?.WriteLine(FailureReport.Of(_world));
    }
}
