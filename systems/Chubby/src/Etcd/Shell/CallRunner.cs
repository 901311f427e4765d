using System.Text;
using Google.Protobuf;
using Grpc.Core;
using Microcosm.Chubby.Etcd.Protocol;
using Microcosm.Consensus;
using Microcosm.Runtime;

namespace Microcosm.Chubby.Etcd;

/// <summary>Runs calls on their node's executor: faults, spans, and what refusals are on the wire.</summary>
internal static class CallRunner
{
    /// <summary>The response, from the thread pool's side. Ends too when the client goes or the node dies.</summary>
    public static Task<IMessage?> RunAsync(Operation<EtcdOperationAttribute, EtcdHandler> operation, EtcdCall call) =>
        OnNodeAsync(call.Member, () => CountedAsync(operation, call), call.Cancellation);

    /// <summary>Runs something on a member's node, from the thread pool's side; what it does not refuse with
    /// <see cref="RpcException"/> ends the node.</summary>
    public static Task<T> OnNodeAsync<T>(EtcdMember member, Func<Task<T>> work, CancellationToken cancellation)
    {
        var posted = new PostedWork<T>(member, work);
        member.Context.Executor.Post(static p => ((PostedWork<T>)p!).Run(), posted);
        return posted.Task.WaitAsync(cancellation);
    }

    private static async Task<IMessage?> CountedAsync(Operation<EtcdOperationAttribute, EtcdHandler> operation, EtcdCall call)
    {
        var code = StatusCode.Internal;
        call.Member.Counts.Started(operation.Index);
        try
        {
            var response = await RunHereAsync(operation, call);
            code = StatusCode.OK;
            return response;
        }
        catch (RpcException e)
        {
            code = e.StatusCode;
            throw;
        }
        finally
        {
            call.Member.Counts.Handled(operation.Index, code);
        }
    }

    /// <summary>The response, on the node's executor. Refusals are <see cref="RpcException"/>.</summary>
    public static Task<IMessage?> RunHereAsync(Operation<EtcdOperationAttribute, EtcdHandler> operation, EtcdCall call) =>
        call.Member.Context is { Telemetry.IsObserved: false, Faults.HasOperationRules: false }
            ? ExecuteAsync(operation, call) : ObservedAsync(operation, call);

    private static async Task<IMessage?> ObservedAsync(Operation<EtcdOperationAttribute, EtcdHandler> operation, EtcdCall call)
    {
        var context = call.Member.Context;
        OperationSpan? span = null;
        if (context.Telemetry.IsObserved)
        {
            span = context.Telemetry.Begin(operation.FullName, operation.Declaration.Name);
            span.Value.Set(TelemetryAttributes.Connection, call.ConnectionId);
        }
        var fault = context.Faults.HasOperationRules ? Decide(operation, call) : default;
        if (span is { } observed && fault.Action != OperationFaultAction.None)
            context.Telemetry.Fault(observed, fault);
        string? error = null;
        try
        {
            return await FaultyAsync(operation, call, fault);
        }
        catch (RpcException e)
        {
            error = e.StatusCode.ToString();
            throw;
        }
        finally
        {
            if (span is { } ended)
                context.Telemetry.End(ended, error, error);
        }
    }

    private static async Task<IMessage?> FaultyAsync(
        Operation<EtcdOperationAttribute, EtcdHandler> operation, EtcdCall call, OperationFault fault)
    {
        switch (fault.Action)
        {
            case OperationFaultAction.Refuse:
                throw Refusal(fault.Error ?? "");
            case OperationFaultAction.CloseBefore:
                call.CutOff();
                throw new RpcException(Status.DefaultCancelled);
            default:
                break;
        }
        var response = await ExecuteAsync(operation, call);
        if (fault.Action is OperationFaultAction.DropReply or OperationFaultAction.KillNode)
        {
            call.CutOff();
            throw new RpcException(Status.DefaultCancelled);
        }
        if (fault.Action == OperationFaultAction.Delay)
            await Task.Delay(TimeSpan.FromMilliseconds(fault.DelayMs), call.Member.Context.Clock, call.Cancellation);
        return response;
    }

    private static async Task<IMessage?> ExecuteAsync(Operation<EtcdOperationAttribute, EtcdHandler> operation, EtcdCall call)
    {
        if (call.Member.Cluster.IsLearner && call.Request is not (StatusRequest or RangeRequest { Serializable: true }))
            throw Refusal(EtcdErrors.NotSupportedForLearner);
        if (call.RequiresLeader && call.Member.Replica.Leader == 0)
            throw Refusal(EtcdErrors.NoLeader);
        try
        {
            return await operation.Handler(call) is { } response ? call.Member.Seal(response) : null;
        }
        catch (EtcdException e)
        {
            // These two services of etcd pass on what its client's library gives them, and gRPC has no code for that.
            throw Refusal(operation.Declaration.Service is "Lock" or "Election" ? e.Error with { Code = StatusCode.Unknown } : e.Error);
        }
        catch (ConsensusException e)
        {
            throw Refusal(e.Reason switch
            {
                ConsensusFailure.NoLeader => EtcdErrors.NoLeader,
                ConsensusFailure.Dropped => EtcdErrors.LeaderChanged,
                ConsensusFailure.Stopped => EtcdErrors.Stopped,
                _ => EtcdErrors.TooManyRequests,
            });
        }
        catch (Exception e) when (e is OperationCanceledException or IOException
            || (e is InvalidOperationException && call.Responses is not null))
        {
            // The client has gone: reading its stream and writing to it fail in these ways, at times before the call counts as cancelled.
            throw new RpcException(Status.DefaultCancelled);
        }
    }

    private static OperationFault Decide(Operation<EtcdOperationAttribute, EtcdHandler> operation, EtcdCall call) =>
        call.Member.Context.Faults.Decide(new OperationCall(operation.FullName, call.Member.Context.Name, call.ConnectionId,
            Encoding.UTF8.GetBytes(call.Peer), call.Target()));

    private static RpcException Refusal(EtcdError error) => new(new Status(error.Code, error.Message));

    // A rule may give a code before the text, as in "ResourceExhausted etcdserver: too many requests"; without one it is Unavailable.
    private static RpcException Refusal(string error)
    {
        var space = error.IndexOf(' ');
        return space > 0 && Enum.TryParse<StatusCode>(error[..space], ignoreCase: true, out var code)
            ? new RpcException(new Status(code, error[(space + 1)..]))
            : new RpcException(new Status(StatusCode.Unavailable, error));
    }

    // What it waits for from here on continues on the thread pool, which writes the response.
    private sealed class PostedWork<T>(EtcdMember member, Func<Task<T>> work)
        : TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        // async void: all that fails is the call's, or ends the node.
        public async void Run()
        {
            try
            {
                TrySetResult(await work());
            }
            catch (RpcException e)
            {
                TrySetException(e);
            }
            catch (Exception e)
            {
                TrySetException(new RpcException(new Status(StatusCode.Internal, e.Message)));
                member.Context.Executor.OnUnhandled(e);
            }
        }
    }
}
