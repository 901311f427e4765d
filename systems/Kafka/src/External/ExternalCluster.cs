using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using Microcosm.Runtime;
using Microsoft.AspNetCore.Connections;

namespace Microcosm.Kafka;

/// <summary>The way to the brokers of the cluster.</summary>
internal sealed class ExternalCluster(NodeContext context, ExternalKafkaOptions options)
{
    private ClusterTls? _tls;

    /// <summary>Connects to the first of them that can be reached. Throws <see cref="IOException"/>, which says why none can.</summary>
    public async ValueTask<(ConnectionContext Connection, DnsEndPoint At)> ConnectAsync(IReadOnlyList<DnsEndPoint> brokers)
    {
        var reasons = new List<string>();
        foreach (var broker in brokers)
        {
            try
            {
                return (await ConnectAsync(broker), broker);
            }
            catch (SocketException e)
            {
                reasons.Add($"{ExternalKafkaOptions.Show(broker)}: {e.Message}");
            }
            catch (Exception e) when (e is AuthenticationException or IOException)
            {
                reasons.Add($"{ExternalKafkaOptions.Show(broker)}: SSL handshake failed: {e.Message}");
            }
            catch (OperationCanceledException)
            {
                reasons.Add($"{ExternalKafkaOptions.Show(broker)}: no connection within {options.SocketConnectionSetupTimeoutMs} ms");
            }
        }
        throw new IOException(string.Join(", ", reasons));
    }

    /// <summary>Asks for the cluster's versions, as everybody may. Throws <see cref="IOException"/> if it does not answer as Kafka
    /// does.</summary>
    public async ValueTask CheckAsync()
    {
        try
        {
            var (connection, at) = await ConnectAsync(options.Bootstrap);
            await using var stream = new ConnectionStream(connection);
            using var late = new CancellationTokenSource(TimeSpan.FromMilliseconds(options.SocketConnectionSetupTimeoutMs), context.Clock);
            await AskAsync(stream, at, late.Token);
        }
        catch (IOException e)
        {
            throw new IOException($"No external Kafka at {options.BootstrapServers}: {e.Message}", e);
        }
    }

    private async ValueTask<ConnectionContext> ConnectAsync(DnsEndPoint broker)
    {
        using var late = new CancellationTokenSource(TimeSpan.FromMilliseconds(options.SocketConnectionSetupTimeoutMs), context.Clock);
        var connection = await context.Network.ConnectAsync(broker, late.Token);
        if (!options.IsTls)
            return connection;
        try
        {
            await (_tls ??= new ClusterTls(options)).SecureAsync(connection, broker, late.Token);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private async ValueTask AskAsync(ConnectionStream stream, DnsEndPoint at, CancellationToken late)
    {
        var where = ExternalKafkaOptions.Show(at);
        try
        {
            await KafkaSystem.AskVersionsAsync(stream, late);
        }
        catch (OperationCanceledException)
        {
            throw new IOException($"{where}: no answer within {options.SocketConnectionSetupTimeoutMs} ms");
        }
        catch (Exception e) when (e is EndOfStreamException or ConnectionResetException)
        {
            throw new IOException($"{where}: it closed the connection instead of an answer, as who wants another "
                + $"security.protocol than {options.SecurityProtocol}");
        }
        catch (IOException e)
        {
            throw new IOException($"{where}: {e.Message}", e);
        }
    }
}
