/** Something around every call of a provider: in it, and in the parts that it has. */
import type { Call } from './spec';

export type Around = <Result>(call: Call, run: (call: Call) => Promise<Result>) => Promise<Result>;

const isCall = (value: unknown): value is Call =>
  typeof value === 'object' && value !== null && 'signal' in value && value.signal instanceof AbortSignal;

const isPart = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;

/** The same object; methods that take a `Call` pass through `around`, everything else is untouched. */
export function aroundCalls<P extends object>(provider: P, around: Around): P {
  return new Proxy(provider, {
    get(target, key) {
      const member: unknown = Reflect.get(target, key, target);
      if (isPart(member)) return aroundCalls(member, around);
      if (typeof member !== 'function') return member;
      const method = member as (...args: unknown[]) => unknown;
      return (...[first, ...others]: unknown[]) =>
        isCall(first)
          ? around(first, async (call) => method.call(target, call, ...others))
          : method.call(target, first, ...others);
    },
  });
}
