namespace Microcosm.Redis.Tests.Smoke;
public class Smoke { [Fact] public void Builds() => Assert.NotNull(typeof(object).Assembly); }
