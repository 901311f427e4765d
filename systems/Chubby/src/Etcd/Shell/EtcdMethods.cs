using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.AspNetCore.Server.Model;
using Grpc.Core;
using Microcosm.Chubby.Etcd.Protocol;
using Microcosm.Runtime;

namespace Microcosm.Chubby.Etcd;

/// <summary>Binds every method of the protocol's files to the operation of its name. gRPC answers others as unimplemented.</summary>
internal sealed class EtcdMethods : IServiceMethodProvider<EtcdService>
{
    /// <summary>What a message may take beyond a request's own limit, as in etcd.</summary>
    public const int OverheadBytes = 512 * 1024;

    private const int MessageBytesMax = (3 * 512 * 1024) + OverheadBytes;

    private static readonly FileDescriptor[] Files = [RpcReflection.Descriptor, LockReflection.Descriptor, ElectionReflection.Descriptor];

    /// <summary>Every method of the protocol.</summary>
    public static IReadOnlyList<MethodDescriptor> All { get; } = [.. Files.SelectMany(f => f.Services).SelectMany(s => s.Methods)];

    public void OnServiceMethodDiscovery(ServiceMethodProviderContext<EtcdService> context)
    {
        foreach (var method in All)
            Add(context, method);
    }

    private static void Add(ServiceMethodProviderContext<EtcdService> context, MethodDescriptor described)
    {
        var operation = EtcdOperations.Find(described.Name);
        Invariant.Check(operation is not null && operation.Declaration.Service == described.Service.Name, "every method is an operation");
        var type = described.IsClientStreaming ? MethodType.DuplexStreaming
            : described.IsServerStreaming ? MethodType.ServerStreaming : MethodType.Unary;
        var method = new Method<IMessage, IMessage>(
            type, described.Service.FullName, described.Name, MarshallerOf(described.InputType), MarshallerOf(described.OutputType));
        switch (type)
        {
            case MethodType.Unary:
                context.AddUnaryMethod(method, [], async (_, request, call) =>
                    (await CallRunner.RunAsync(operation, CallOf(call, request, null, null)))!);
                break;
            case MethodType.ServerStreaming:
                context.AddServerStreamingMethod(method, [], (_, request, responses, call) =>
                    CallRunner.RunAsync(operation, CallOf(call, request, null, responses)));
                break;
            default:
                context.AddDuplexStreamingMethod(method, [], (_, requests, responses, call) =>
                    CallRunner.RunAsync(operation, CallOf(call, null, requests, responses)));
                break;
        }
    }

    private static EtcdCall CallOf(
        ServerCallContext context, IMessage? request, IAsyncStreamReader<IMessage>? requests, IServerStreamWriter<IMessage>? responses)
    {
        var http = context.GetHttpContext();
        var connection = http.Features.Get<HandedConnection>()!;
        return new EtcdCall(connection.Member)
        {
            ConnectionId = connection.Ordinal,
            Request = request,
            Requests = requests,
            Responses = responses,
            Cancellation = context.CancellationToken,
            Peer = context.Peer,
            RequiresLeader = context.RequestHeaders.GetValue("hasleader") == "true",
            Token = context.RequestHeaders.GetValue("token") ?? context.RequestHeaders.GetValue("authorization"),
            CommonName = connection.Member.Options.ClientCertAuth ? ServerTls.CommonName(http.Connection.ClientCertificate) : null,
            CutOff = connection.Abort,
        };
    }

    private static Marshaller<IMessage> MarshallerOf(MessageDescriptor type) => new(Write, context => Read(type.Parser, context));

    private static void Write(IMessage message, SerializationContext context)
    {
        context.SetPayloadLength(message.CalculateSize());
        message.WriteTo(context.GetBufferWriter());
        context.Complete();
    }

    private static IMessage Read(MessageParser parser, DeserializationContext context)
    {
        CheckLength(context.PayloadLength);
        try
        {
            return parser.ParseFrom(context.PayloadAsReadOnlySequence());
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new RpcException(new Status(StatusCode.Internal, $"grpc: failed to unmarshal the received message {e.Message}"));
        }
    }

    /// <summary>Refuses messages that are too long, as etcd's gRPC library does.</summary>
    public static void CheckLength(int bytes)
    {
        if (bytes > MessageBytesMax)
        {
            throw new RpcException(new Status(StatusCode.ResourceExhausted,
                $"grpc: received message larger than max ({bytes} vs. {MessageBytesMax})"));
        }
    }
}
