import type { ReactNode } from 'react';

export interface TableProps {
  readonly head: ReactNode;
  readonly children: ReactNode;
}

/** A table that scrolls by itself where it is wider than the page. The library's writes a `<style>` element. */
export function Table({ head, children }: TableProps) {
  return (
    <div className="table-scroll" tabIndex={0}>
      <table className="table">
        <thead>
          <tr>{head}</tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}
