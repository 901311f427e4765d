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

    private static readonly FileDescriptor[] Files = [RpcReflection.Descriptor, LockReflection.Descriptor, ElectionReflection.Descriptor];

    public void OnServiceMethodDiscovery(ServiceMethodProviderContext<EtcdService> context)
    {
        foreach (var method in Files.SelectMany(f => f.Services).SelectMany(s => s.Methods))
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
        var connection = context.GetHttpContext().Features.Get<HandedConnection>()!;
        return new EtcdCall(connection.Member, context)
        {
            ConnectionId = connection.Ordinal, Request = request, Requests = requests, Responses = responses,
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
        const int max = (3 * 512 * 1024) + OverheadBytes;
        if (context.PayloadLength > max)
        {
            // As etcd's gRPC library has it.
            throw new RpcException(new Status(StatusCode.ResourceExhausted,
                $"grpc: received message larger than max ({context.PayloadLength} vs. {max})"));
        }
        return parser.ParseFrom(context.PayloadAsReadOnlySequence());
    }
}
