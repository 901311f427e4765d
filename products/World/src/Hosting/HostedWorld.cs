using Microsoft.Extensions.Hosting;

namespace Microcosm;

/// <summary>Starts a world before the host's other services start, and stops it after they stopped.</summary>
internal sealed class HostedWorld(World world) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken) => world.StartNodesAsync(cancellationToken);

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => world.DisposeAsync().AsTask();
}
