using Microcosm.Runtime;

namespace Microcosm.Kafka;

/// <summary>
/// A way to another broker: a connection that is made when it is first needed, and another after it broke. Calls go out at once; replies
/// come in their order.
/// </summary>
internal sealed class BrokerLink(NodeContext context, NodeEndPoint remote, string clientId)
{
    private BrokerConnection? _connection;

    /// <summary>Sends a request and awaits its reply. Throws <see cref="IOException"/> when the broker cannot be reached, is lost before
    /// the reply, or takes too long; the connection is then given up.</summary>
    /// <param name="rented">Gets the array of a large reply, of the shared pool: the caller gives it back when it has done with the
    /// reply.</param>
    public async ValueTask<TResponse> CallAsync<TRequest, TResponse>(
        TRequest request, short version, TimeSpan patience, List<byte[]>? rented = null)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>
    {
        if (_connection is not { IsBroken: false } connection)
            _connection = connection = new BrokerConnection(context, remote, clientId);
        try
        {
            var frame = await connection.Send(request, version, rented).WaitAsync(patience, context.Clock);
            var isFlexible = MessageCodec.IsFlexible<TResponse>(version);
            var reader = new MessageReader(frame, 0, isFlexible);
            ResponseHeader.Read(ref reader, ResponseHeader.Version(TRequest.ApiKey, isFlexible));
            return MessageCodec.Decode<TResponse>(frame[reader.Position..], version);
        }
        catch (TimeoutException)
        {
            connection.Break();
            throw new IOException($"{remote} did not answer {typeof(TRequest).Name} within {patience.TotalMilliseconds} ms");
        }
        catch (KafkaFormatException e)
        {
            connection.Break();
            throw new IOException($"{remote} answered {typeof(TRequest).Name} with nonsense: {e.Message}");
        }
    }

    /// <summary>Asks what matters to nobody: a reply to what was asked before comes sooner for it.</summary>
    public void Hurry()
    {
        if (_connection is { IsBroken: false } connection)
            _ = ForgetAsync(connection.Send(new ApiVersionsRequest(), 0));

        static async Task ForgetAsync(Task task)
        {
            try
            {
                await task;
            }
            catch (IOException)
            {
            }
        }
    }

    public void Close() => _connection?.Break();
}
